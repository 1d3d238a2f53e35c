//! Searches that people keep (عمليات البحث المحفوظة). One's own only, like drafts: they are no official act, so they leave no
//! entry in the trail.

use diesel::{dsl::count_star, prelude::*};
use diwan_archive_api::{NewSavedSearch, SavedSearch, SearchQuery};
use diwan_db::{DbError, ReadTx, Violation, WriteTx};
use diwan_kernel::{FieldError, text};
use diwan_platform::{Actor, Fields, Outcome, Refusal};
use diwan_schema::archive::saved_searches;

/// The longest name, in characters.
const NAME_MAX: usize = 100;
/// Searches that one person may keep.
const MOST: i64 = 100;

type Row = (i64, String, String, chrono::NaiveDateTime);

/// One's searches, by name.
pub(super) fn list(tx: &mut ReadTx<'_>, actor: &Actor) -> Outcome<Vec<SavedSearch>> {
    let rows: Vec<Row> = saved_searches::table
        .filter(saved_searches::user_id.eq(actor.user_id))
        .order((saved_searches::name, saved_searches::id))
        .limit(MOST)
        .select((saved_searches::id, saved_searches::name, saved_searches::query, saved_searches::created_at))
        .load(tx.conn())?;
    rows.into_iter().map(saved).collect()
}

/// Keeps a search under a name that one does not use yet.
pub(super) fn create(tx: &mut WriteTx<'_>, actor: &Actor, new: &NewSavedSearch) -> Outcome<SavedSearch> {
    let (name, query) = checked(new)?;
    let count: i64 = saved_searches::table
        .filter(saved_searches::user_id.eq(actor.user_id))
        .select(count_star())
        .first(tx.conn())?;
    if count >= MOST {
        return Err(FieldError::new("name", "too_many").with("max", MOST).into());
    }
    let now = tx.now();
    let id: i64 = diesel::insert_into(saved_searches::table)
        .values((
            saved_searches::user_id.eq(actor.user_id),
            saved_searches::name.eq(&name),
            saved_searches::query.eq(&query),
            saved_searches::created_at.eq(now),
        ))
        .returning(saved_searches::id)
        .get_result(tx.conn())
        .map_err(taken)?;
    saved((id, name, query, now))
}

/// Gives a search another name, or keeps another one under its name.
pub(super) fn update(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, new: &NewSavedSearch) -> Outcome<SavedSearch> {
    let (name, query) = checked(new)?;
    let created_at: Option<chrono::NaiveDateTime> = saved_searches::table
        .filter(saved_searches::id.eq(id).and(saved_searches::user_id.eq(actor.user_id)))
        .select(saved_searches::created_at)
        .first(tx.conn())
        .optional()?;
    let created_at = created_at.ok_or(Refusal::NotFound("saved_search"))?;
    diesel::update(saved_searches::table.find(id))
        .set((saved_searches::name.eq(&name), saved_searches::query.eq(&query)))
        .execute(tx.conn())
        .map_err(taken)?;
    saved((id, name, query, created_at))
}

/// Forgets a search; one that is not there is forgotten already.
pub(super) fn delete(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<()> {
    let own = saved_searches::id.eq(id).and(saved_searches::user_id.eq(actor.user_id));
    diesel::delete(saved_searches::table.filter(own)).execute(tx.conn())?;
    Ok(())
}

fn checked(new: &NewSavedSearch) -> Outcome<(String, String)> {
    let mut wrong = Fields::default();
    let name = wrong.take(text::line("name", &new.name, NAME_MAX));
    if new.query.q.chars().count() > diwan_search::MAX_QUERY_CHARS {
        wrong.push(FieldError::new("query", "too_long").with("max", diwan_search::MAX_QUERY_CHARS));
    }
    wrong.done()?;
    let query = SearchQuery { after: None, limit: None, ..new.query.clone() };
    Ok((name, serde_json::to_string(&query).map_err(|error| Refusal::Internal(error.to_string()))?))
}

fn saved((id, name, query, created_at): Row) -> Outcome<SavedSearch> {
    let query = serde_json::from_str(&query).map_err(|error| Refusal::Internal(error.to_string()))?;
    Ok(SavedSearch { id, name, query, created_at })
}

fn taken(error: diesel::result::Error) -> Refusal {
    let error = DbError::from(error);
    match error.violation() {
        Some(Violation::Unique) => FieldError::new("name", "already_exists").into(),
        _ => error.into(),
    }
}
