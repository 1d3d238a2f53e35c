//! Searching inside one record: all passages, each with the file and the page it is on.

use diwan_archive_api::{FindAnswer, Passage};
use diwan_db::Db;
use diwan_platform::{Actor, Outcome, Refusal, files::store as files, records::store as records};

use super::{
    SearchService, failed,
    find::{access, excerpt, place},
};

/// The passages of a record that hold what was typed.
pub(super) fn run(service: &SearchService, db: &Db, actor: &Actor, id: i64, typed: &str) -> Outcome<FindAnswer> {
    // The database says who may read it, whatever the index still holds.
    let files = db.read_now(|tx| {
        records::load_visible(tx, actor, id)?;
        Ok::<_, Refusal>(files::of_records(tx, &[id])?.remove(&id).unwrap_or_default())
    })?;
    let indexed = u64::try_from(id).unwrap_or_default();
    let found = service.index.within(indexed, typed, &access(actor)).map_err(failed)?;
    let passage = |one: diwan_search::Passage| Passage { place: place(&files, one.place), text: excerpt(one.excerpt) };
    Ok(FindAnswer {
        total: found.total as u64,
        relaxed: found.relaxed,
        passages: found.passages.into_iter().map(passage).collect(),
    })
}
