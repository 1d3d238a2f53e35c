//! Who holds an advance (صاحب السلفة): none while one is past its day, and never more at once than the ceiling (سقف السلف).

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::DocumentKind;
use diwan_kernel::money;
use diwan_platform::{Outcome, Refusal};
use diwan_schema::{
    finance::{finance_documents, parties},
    platform::records,
};

use super::store::{self, DocumentRow};
use crate::amounts::sum;

/// Looks whether the holder may have this advance beside those that are not settled.
///
/// # Errors
/// `advance_overdue` with the other advance; `advance_over_limit` with the arithmetic.
pub(super) fn check(tx: &mut ReadTx<'_>, document: &DocumentRow) -> Outcome<()> {
    let Some(holder) = document.party_id else { return Ok(()) };
    let open: Vec<(i64, i64, Option<NaiveDate>)> = finance_documents::table
        .inner_join(records::table.on(records::id.eq(finance_documents::record_id)))
        .filter(finance_documents::agency_id.eq(document.agency_id))
        .filter(finance_documents::kind.eq(DocumentKind::Advance.code()))
        .filter(finance_documents::party_id.eq(holder))
        .filter(finance_documents::to_settle.gt(0))
        .order(finance_documents::record_id)
        .select((finance_documents::record_id, finance_documents::to_settle, records::due_on))
        .load(tx.conn())?;
    let today = tx.today();
    if let Some((other, ..)) = open.iter().find(|(_, _, due)| due.is_some_and(|day| day < today)) {
        return Err(Refusal::rule("advance_overdue", [("document", store::name_of(tx, *other)?)]));
    }
    let limit: Option<i64> = parties::table.find(holder).select(parties::advance_limit).first(tx.conn())?;
    let held = sum(open.iter().map(|(_, left, _)| *left))?;
    match limit {
        Some(limit) if sum([held, document.base_amount])? > limit => {
            let amount = |minor: i64| money::format(minor, money::JOD_SCALE);
            let (asked, left) = (amount(document.base_amount), amount((limit - held).max(0)));
            let args = [("limit", amount(limit)), ("held", amount(held)), ("left", left), ("asked", asked)];
            Err(Refusal::rule("advance_over_limit", args))
        }
        _ => Ok(()),
    }
}

/// The same once nobody else gives the holder an advance: those who do stand in line for the holder's row.
///
/// # Errors
/// As [`check`].
pub(super) fn take(tx: &mut WriteTx<'_>, document: &DocumentRow) -> Outcome<()> {
    if let Some(holder) = document.party_id {
        diesel::update(parties::table.find(holder)).set(parties::version.eq(parties::version)).execute(tx.conn())?;
    }
    check(tx, document)
}
