//! Whether an index finds a record it should: for examinations of the index itself, where no person asks.

use diwan_kernel::{Caveat, Secrecy};
use diwan_platform::{Outcome, actor};
use diwan_search::{Access, Filters, MAX_DEPTH, Search, Sort};

use super::{SearchService, entries::principal, failed};

/// Hits looked through at a time.
const PAGE: usize = 100;

/// Whether the record is among what is found for words in its agency.
pub(crate) fn finds(service: &SearchService, agency_id: i64, words: &str, id: i64) -> Outcome<bool> {
    let access = Access {
        principals: vec![principal(agency_id, &actor::agency(agency_id))],
        clearance: Secrecy::TopSecret.rank(),
        caveats: Caveat::ALL.iter().map(|caveat| caveat.code().to_owned()).collect(),
    };
    let wanted = u64::try_from(id).unwrap_or_default();
    for offset in (0..MAX_DEPTH).step_by(PAGE) {
        let search = Search {
            text: words.to_owned(),
            vocabulary: super::kinds::vocabulary(),
            filters: Filters::default(),
            access: access.clone(),
            sort: Sort::Relevance,
            limit: PAGE,
            offset,
        };
        let found = service.index.search(&search).map_err(failed)?;
        if found.hits.iter().any(|hit| hit.id == wanted) {
            return Ok(true);
        }
        if found.hits.len() < PAGE {
            break;
        }
    }
    Ok(false)
}
