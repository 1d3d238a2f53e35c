//! Documents that are not done: drafts and those in approval, runs not executed, advances past their day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::{DocumentKind, DocumentState, FindingItem, PaymentRunState};
use diwan_kernel::Named;
use diwan_platform::Outcome;
use diwan_platform_api::records::{AssigneeKind, TaskState};
use diwan_schema::{
    finance::{finance_documents, parties, payment_runs},
    platform::{holdings, records, tasks},
};

use super::{super::period::Period, Found};

/// Ids of one statement.
const IDS: usize = 1_000;

/// What a document is told by: record, kind, number, subject, state, author.
type Head = (i64, String, Option<String>, String, String, i64);

fn item((id, kind, number, subject, state, _): Head, day: Option<NaiveDate>, amount: i64) -> FindingItem {
    let name = Named { ar: subject, en: String::new() };
    FindingItem { id, kind, number, name, state, day, amount, owners: Vec::new() }
}

/// Drafts, returned ones and those in approval, dated in the period.
///
/// # Errors
/// The database fails.
pub(super) fn open(tx: &mut ReadTx<'_>, of: &Period) -> Outcome<Vec<Found>> {
    let waiting = [DocumentState::Draft, DocumentState::Returned, DocumentState::InApproval].map(DocumentState::code);
    let rows: Vec<(Head, NaiveDate, i64)> = finance_documents::table
        .inner_join(records::table.on(records::id.eq(finance_documents::record_id)))
        .filter(finance_documents::agency_id.eq(of.agency_id))
        .filter(finance_documents::effective_on.between(of.starts_on, of.ends_on))
        .filter(finance_documents::complementary.eq(of.is_complementary()))
        .filter(finance_documents::posted_at.is_null())
        .filter(records::state.eq_any(waiting))
        .order(finance_documents::record_id)
        .select((
            (records::id, records::kind, records::number, records::subject, records::state, records::created_by),
            finance_documents::effective_on,
            finance_documents::base_amount,
        ))
        .load(tx.conn())?;
    let travelling = rows.iter().filter(|(head, ..)| head.4 == DocumentState::InApproval.code());
    let mut acting = acting(tx, travelling.map(|(head, ..)| head.0).collect())?;
    let found = rows.into_iter().map(|(head, day, amount)| {
        let author = head.5;
        let owners = if head.4 == DocumentState::InApproval.code() {
            acting.remove(&head.0).unwrap_or_default()
        } else {
            vec![author]
        };
        Found { item: item(head, Some(day), amount), owners }
    });
    Ok(found.collect())
}

/// The persons who have an open task on each of these records, those of positions by who holds them today.
fn acting(tx: &mut ReadTx<'_>, ids: Vec<i64>) -> Outcome<BTreeMap<i64, Vec<i64>>> {
    let today = tx.today();
    let mut people: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for some in ids.chunks(IDS) {
        let open = tasks::table
            .filter(tasks::record_id.eq_any(some))
            .filter(tasks::state.eq(TaskState::Open.code()))
            .order((tasks::record_id, tasks::id));
        let rows: Vec<(i64, String, i64)> =
            open.select((tasks::record_id, tasks::assignee_kind, tasks::assignee_id)).load(tx.conn())?;
        let positions: Vec<i64> =
            rows.iter().filter(|row| row.1 == AssigneeKind::Position.code()).map(|row| row.2).collect();
        let holders: Vec<(i64, i64)> = holdings::table
            .filter(holdings::position_id.eq_any(positions))
            .filter(holdings::from_date.le(today))
            .filter(holdings::to_date.is_null().or(holdings::to_date.ge(today)))
            .order((holdings::position_id, holdings::user_id))
            .select((holdings::position_id, holdings::user_id))
            .load(tx.conn())?;
        for (record, kind, assignee) in rows {
            let of_record = people.entry(record).or_default();
            if kind == AssigneeKind::User.code() {
                of_record.push(assignee);
            } else if kind == AssigneeKind::Position.code() {
                of_record.extend(holders.iter().filter(|(position, _)| *position == assignee).map(|(_, user)| *user));
            }
        }
    }
    for of_record in people.values_mut() {
        of_record.sort_unstable();
        of_record.dedup();
    }
    Ok(people)
}

/// Payment runs to be executed until the last day that are not.
///
/// # Errors
/// The database fails.
pub(super) fn runs(tx: &mut ReadTx<'_>, of: &Period) -> Outcome<Vec<Found>> {
    let waiting = [PaymentRunState::Draft, PaymentRunState::Approved, PaymentRunState::Sent].map(PaymentRunState::code);
    let rows: Vec<(Head, NaiveDate, i64, Option<i64>)> = payment_runs::table
        .inner_join(records::table.on(records::id.eq(payment_runs::record_id)))
        .filter(payment_runs::agency_id.eq(of.agency_id))
        .filter(payment_runs::pay_on.le(of.ends_on))
        .filter(payment_runs::state.eq_any(waiting))
        .order(payment_runs::record_id)
        .select((
            (
                records::id,
                records::kind,
                records::number,
                records::subject,
                payment_runs::state,
                payment_runs::prepared_by,
            ),
            payment_runs::pay_on,
            payment_runs::base_amount,
            payment_runs::sent_by,
        ))
        .load(tx.conn())?;
    let found = rows.into_iter().map(|(head, day, amount, sent_by)| {
        let owners = vec![sent_by.unwrap_or(head.5)];
        Found { item: item(head, Some(day), amount), owners }
    });
    Ok(found.collect())
}

/// Advances that were to be settled until the last day and are not: their holders must act, where they are persons here.
///
/// # Errors
/// The database fails.
pub(super) fn advances(tx: &mut ReadTx<'_>, of: &Period) -> Outcome<Vec<Found>> {
    let rows: Vec<(Head, Option<NaiveDate>, i64, Option<i64>)> = finance_documents::table
        .inner_join(records::table.on(records::id.eq(finance_documents::record_id)))
        .filter(finance_documents::agency_id.eq(of.agency_id))
        .filter(finance_documents::kind.eq(DocumentKind::Advance.code()))
        .filter(finance_documents::to_settle.gt(0))
        .filter(records::due_on.le(of.ends_on))
        .order(finance_documents::record_id)
        .select((
            (records::id, records::kind, records::number, records::subject, records::state, records::created_by),
            records::due_on,
            finance_documents::to_settle,
            finance_documents::party_id,
        ))
        .load(tx.conn())?;
    let holders = holders(tx, rows.iter().filter_map(|row| row.3).collect())?;
    let found = rows.into_iter().map(|(head, day, amount, party)| {
        let holder = party.and_then(|party| holders.get(&party).copied());
        let owners = vec![holder.unwrap_or(head.5)];
        Found { item: item(head, day, amount), owners }
    });
    Ok(found.collect())
}

/// The persons that these parties are, where they are persons of the office.
fn holders(tx: &mut ReadTx<'_>, mut ids: Vec<i64>) -> Outcome<BTreeMap<i64, i64>> {
    ids.sort_unstable();
    ids.dedup();
    let mut people = BTreeMap::new();
    for some in ids.chunks(IDS) {
        let rows: Vec<(i64, Option<i64>)> =
            parties::table.filter(parties::id.eq_any(some)).select((parties::id, parties::user_id)).load(tx.conn())?;
        people.extend(rows.into_iter().filter_map(|(id, user)| Some((id, user?))));
    }
    Ok(people)
}
