//! Sealing a closed period (ختم الفترة): its root is signed with the agency's key and is the period's for good.

use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_finance_api::{FiscalPeriod, PeriodState};
use diwan_kernel::Permission;
use diwan_platform::{
    Actor, Outcome, Refusal,
    files::{Stored, note_blob},
    records::seals,
    secrets::Secrets,
};
use diwan_schema::{
    finance::{fiscal_periods, period_seals},
    platform::agency_keys,
};
use serde_json::json;

use super::{
    budget,
    build::{Built, next, sealable},
    format::{Line, Seal},
};
use crate::{closing::period, structure::periods};

/// Seals a period with the book that was made of it and is stored.
///
/// # Errors
/// As making the book; a right is missing; stale where the agency's key, its last seal or the budget of the period is another
/// one since.
pub fn seal(
    tx: &mut WriteTx<'_>,
    secrets: &Secrets,
    actor: &Actor,
    id: i64,
    (built, stored): (&Built, &Stored),
) -> Outcome<FiscalPeriod> {
    actor.require(Permission::FinanceClose)?;
    actor.require(Permission::FinanceAuthorise)?;
    // The version says that nothing was posted since the book was made: for that the period would have been opened.
    let of = sealable(tx, actor, id, built.version)?;
    period::take(tx, id)?;
    let before = periods::load(tx, actor.agency_id, id)?.view(tx)?;
    let (key_id, signature) = seals::sign(tx, secrets, of.agency_id, &built.statement)?;
    // A commitment that is carried forward may come into a closed period after the book was made.
    let same_budget = budget::counts(tx, id)? == (built.counts.documents, built.counts.moves);
    if !same_budget || key_id != built.key_id || next(tx, of.agency_id)? != (built.seq, built.previous.clone()) {
        return Err(Refusal::stale("fiscal_period", of.version, built.version));
    }
    note_blob(tx, stored)?;
    diesel::insert_into(period_seals::table)
        .values((
            (period_seals::period_id.eq(id), period_seals::agency_id.eq(of.agency_id)),
            period_seals::seq.eq(built.seq),
            period_seals::prev_seq.eq(built.previous.as_ref().map(|_| built.seq - 1)),
            period_seals::prev_root.eq(&built.previous),
            period_seals::root.eq(&built.root),
            period_seals::entries.eq(built.counts.entries),
            (period_seals::statement.eq(&built.statement), period_seals::key_id.eq(key_id)),
            (period_seals::signature.eq(&signature), period_seals::blob_hash.eq(&stored.hash)),
            (period_seals::sealed_by.eq(actor.user_id), period_seals::sealed_at.eq(built.sealed_at)),
        ))
        .execute(tx.conn())?;
    let same = fiscal_periods::table
        .filter(fiscal_periods::id.eq(id))
        .filter(fiscal_periods::version.eq(built.version))
        .filter(fiscal_periods::state.eq(PeriodState::Closed.code()));
    let sealed = diesel::update(same)
        .set((
            fiscal_periods::state.eq(PeriodState::Sealed.code()),
            fiscal_periods::root.eq(&built.root),
            fiscal_periods::version.eq(built.version + 1),
        ))
        .execute(tx.conn())?;
    if sealed != 1 {
        return Err(Refusal::stale("fiscal_period", of.version, built.version));
    }
    let after = periods::load(tx, actor.agency_id, id)?.view(tx)?;
    let counts = built.counts;
    let detail = json!({
        "root": built.root, "seq": built.seq, "entries": counts.entries, "documents": counts.documents,
        "moves": counts.moves, "payments": counts.payments
    });
    tx.audit(Audit::of("fiscal_period", id).before(&before).after(&after).detail(detail))?;
    Ok(after)
}

/// Where the book of a sealed period is, and the line that is to stand below it.
///
/// # Errors
/// Not found; not sealed.
pub fn file(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<(String, String)> {
    let of = period::load(tx, actor.agency_id, id)?;
    let found: Option<(String, String, String)> = period_seals::table
        .inner_join(agency_keys::table.on(agency_keys::id.eq(period_seals::key_id)))
        .filter(period_seals::period_id.eq(of.id))
        .select((period_seals::blob_hash, period_seals::signature, agency_keys::public_key_pem))
        .first(tx.conn())
        .optional()?;
    let Some((blob, signature, public_key)) = found else {
        return Err(Refusal::WrongState { state: of.state.code().to_owned(), action: "period_book".to_owned() });
    };
    let line = Line::Seal(Seal { signature, public_key }).text()?;
    Ok((blob, line))
}

/// The name of the file of a book, of plain letters.
///
/// # Errors
/// Not found.
pub fn file_name(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<String> {
    let of = period::load(tx, actor.agency_id, id)?;
    Ok(format!("book-{}-{:02}.jsonl", of.year, of.number))
}
