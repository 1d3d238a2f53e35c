//! How far a year stands on the appropriations of the one before: the rule, the documents, and whether the law is there.

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::{DocumentKind, DocumentRef, DocumentState, ProvisionalDocument, ProvisionalStanding};
use diwan_platform::{Actor, Outcome};
use diwan_schema::{
    finance::{finance_documents, provisional_documents},
    platform::records,
};

use super::{appropriated, provisional, rules};
use crate::{amounts, structure::years};

/// A document as the database gives it.
type Row = (i64, Option<String>, String, String, i32, Option<i64>, i64);

/// The standing of the year of a day.
///
/// # Errors
/// No fiscal year has the day; the database fails.
pub fn run(tx: &mut ReadTx<'_>, actor: &Actor, on: NaiveDate) -> Outcome<ProvisionalStanding> {
    let (year_id, year) = (years::of_day(tx, actor.agency_id, on)?, on.year());
    let rule = rules::in_force(tx, actor.agency_id, year, on)?;
    let last = match provisional::last_year(tx, actor.agency_id, year)? {
        Some(last) => amounts::sum(appropriated::of_year(tx, actor.agency_id, last)?.into_values())?,
        None => 0,
    };
    let law = match provisional::laws_of(tx, year_id)?.first().copied() {
        Some(id) => {
            let (number, subject) =
                records::table.find(id).select((records::number, records::subject)).first(tx.conn())?;
            Some(DocumentRef { id, kind: DocumentKind::BudgetLaw, number, subject, open: 0 })
        }
        None => None,
    };
    let rows: Vec<Row> = provisional_documents::table
        .inner_join(records::table.on(records::id.eq(provisional_documents::record_id)))
        .inner_join(finance_documents::table.on(finance_documents::record_id.eq(provisional_documents::record_id)))
        .filter(provisional_documents::year_id.eq(year_id))
        .filter(records::state.ne(DocumentState::Void.code()))
        .order(provisional_documents::record_id)
        .select((
            records::id,
            records::number,
            records::subject,
            records::state,
            provisional_documents::through_month,
            provisional_documents::replaced_by,
            finance_documents::base_amount,
        ))
        .load(tx.conn())?;
    let document = |(id, number, subject, state, month, replaced, amount): Row| ProvisionalDocument {
        document: DocumentRef { id, kind: DocumentKind::Supplementary, number, subject, open: 0 },
        state,
        through_month: u32::try_from(month).unwrap_or_default(),
        amount,
        replaced: replaced.is_some(),
    };
    Ok(ProvisionalStanding {
        year,
        allowed: rule.as_ref().is_some_and(|rule| rule.allowed),
        parts: rule.as_ref().map_or(12, |rule| rule.parts),
        reference: rule.map(|rule| rule.reference).unwrap_or_default(),
        law,
        last,
        documents: rows.into_iter().map(document).collect(),
    })
}
