//! What would find something, where a search finds nothing or only part of what was asked.

use diwan_archive_api::{Proposal, ProposalKind};
use diwan_platform::Outcome;
use diwan_search::{Change, Hits, Index, Search};

use super::failed;

/// Proposals for a search that was answered with `hits`; none where it found what was asked.
pub(super) fn run(index: &Index, search: &Search, hits: &Hits) -> Outcome<Vec<Proposal>> {
    let first_page = search.offset == 0;
    if !first_page || search.text.trim().is_empty() || (hits.total > 0 && !hits.relaxed) {
        return Ok(Vec::new());
    }
    let found = index.propose(search).map_err(failed)?;
    // What finds no more than the search itself is no help.
    Ok(found.into_iter().filter(|one| hits.total == 0 || one.total > 0).map(told).collect())
}

fn told(proposal: diwan_search::Proposal) -> Proposal {
    let (kind, word, instead) = match proposal.change {
        Change::Word { from, to } => (ProposalKind::Word, Some(from), Some(to)),
        Change::Without(word) => (ProposalKind::Without, Some(word), None),
        Change::Unfiltered => (ProposalKind::Unfiltered, None, None),
    };
    Proposal { kind, word, instead, q: proposal.text, total: proposal.total as u64 }
}
