//! What would find something, where a search finds nothing of what was typed.

use diwan_archive_api::{Proposal, ProposalKind};
use diwan_platform::Outcome;
use diwan_search::{Change, Hits, Index, Search};

use super::failed;

/// Proposals for a search that was answered with `hits`; none where it found what was typed. Each is a search of its own:
/// whoever has something to read does not wait for a dozen of them.
pub(super) fn run(index: &Index, search: &Search, hits: &Hits) -> Outcome<Vec<Proposal>> {
    if search.text.trim().is_empty() || (hits.total > 0 && !hits.guessed) {
        return Ok(Vec::new());
    }
    Ok(index.propose(search).map_err(failed)?.into_iter().map(told).collect())
}

fn told(proposal: diwan_search::Proposal) -> Proposal {
    let (kind, word, instead) = match proposal.change {
        Change::Word { from, to } => (ProposalKind::Word, Some(from), Some(to)),
        Change::Without(word) => (ProposalKind::Without, Some(word), None),
        Change::Unfiltered => (ProposalKind::Unfiltered, None, None),
    };
    Proposal { kind, word, instead, q: proposal.text, total: proposal.total as u64 }
}
