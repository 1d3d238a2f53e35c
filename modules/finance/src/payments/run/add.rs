//! What a draft pays (حوالات الدفعة): adding documents, each taken as a whole, and giving them back.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Audit, Keep, ReadTx, WriteTx};
use diwan_finance_api::{
    AddPayments, AddedPayments, DocumentState, PAYMENT_ITEMS_MAX, PayMethod, PaymentItemState, PaymentRefusal,
    PaymentRunAction, valid_iban,
};
use diwan_kernel::{FieldError, Lang, Named, problem::Args, text};
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{CHANGED, state},
};
use diwan_schema::{
    finance::{finance_documents, parties, payment_items},
    platform::records,
};
use serde_json::json;

use super::{
    store::{self, RunRow},
    view,
};
use crate::payments::{account, owed, payable};

/// Ids of one statement.
const IDS: usize = 500;

/// A document that may be added.
#[derive(Debug, Clone)]
struct Candidate {
    id: i64,
    number: String,
    method: String,
    currency: String,
    /// Open, in the base currency.
    open: i64,
    /// Posted and neither reversed nor void.
    counts: bool,
    /// Its day.
    on: NaiveDate,
    party: Option<Payee>,
}

impl Candidate {
    /// Whether it pays a person of the office.
    fn pays(&self, user_id: i64) -> bool {
        self.party.as_ref().is_some_and(|payee| payee.user_id == Some(user_id))
    }
}

/// Who is paid.
#[derive(Debug, Clone, Default)]
struct Payee {
    name: Named,
    iban: String,
    active: bool,
    /// Who of the office it is.
    user_id: Option<i64>,
}

/// Adds documents to a draft, each with all that is open of it; what cannot be added is told beside what was.
///
/// # Errors
/// Not found: the run, or a document that is none of the agency; wrong state; the right is missing; the field `documents`:
/// `required`, `too_many`.
pub fn add(tx: &mut WriteTx<'_>, actor: &Actor, run_id: i64, input: &AddPayments) -> Outcome<AddedPayments> {
    let (run, record) = store::take(tx, actor, (run_id, None), PaymentRunAction::Edit)?;
    let wanted = wanted(tx, actor, input)?;
    let candidates = candidates(tx, actor.agency_id, &wanted)?;
    let nets = owed::nets(tx, &wanted)?;
    let own = owed::dutiful(tx, actor.user_id, &wanted)?;
    let paying = account::load(tx, actor.agency_id, run.bank_account_id)?;
    let others = owed::of_other_money(tx, paying.account_id, &wanted)?;
    let (mut refused, mut last_seq, mut added) = (Vec::new(), run.last_seq, Vec::new());
    let mut room = usize::try_from(run.items).map_or(0, |have| PAYMENT_ITEMS_MAX.saturating_sub(have));
    for candidate in candidates {
        let code = match check(&candidate, &run) {
            None if own.contains(&candidate.id) => Some(("payer_had_duty", Vec::new())),
            None if candidate.pays(actor.user_id) => {
                Some(("payer_is_paid", vec![("document", candidate.number.clone())]))
            }
            None if others.contains(&candidate.id) => Some(("trust_apart", Vec::new())),
            None if room == 0 => Some(("run_full", vec![("max", PAYMENT_ITEMS_MAX.to_string())])),
            None if !owed::claim(tx, candidate.id, candidate.open)? => Some(("not_payable", Vec::new())),
            other => other,
        };
        if let Some((code, args)) = code {
            refused.push(refusal(candidate, code, args));
            continue;
        }
        last_seq += 1;
        room -= 1;
        let amount = nets.get(&candidate.id).copied().unwrap_or_default();
        insert(tx, actor, (&run, last_seq), &candidate, amount)?;
        added.push(candidate.id);
    }
    if !added.is_empty() {
        store::count(tx, run_id, last_seq)?;
        state::set(tx, &record, &run.state)?;
    }
    tx.audit(Audit::of_record(run_id).detail(json!({ "added": added, "refused": refused.len() })))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(run_id), &())?;
    Ok(AddedPayments { run: view::view(tx, actor, run_id)?, added: added.len(), refused })
}

/// Gives items of a draft back: what they held may be paid otherwise.
///
/// # Errors
/// Not found; wrong state; the right is missing; the field `items`: `required`, `unknown`.
pub fn remove(tx: &mut WriteTx<'_>, actor: &Actor, run_id: i64, items: &[i64]) -> Outcome<()> {
    let (run, record) = store::take(tx, actor, (run_id, None), PaymentRunAction::Edit)?;
    let wanted: BTreeSet<i64> = items.iter().copied().collect();
    if wanted.is_empty() {
        return Err(Refusal::field("items", "required"));
    }
    let there: Vec<store::ItemRow> = store::items(tx, run_id, Some(PaymentItemState::Pending))?;
    let of: Vec<&store::ItemRow> = there.iter().filter(|item| wanted.contains(&item.id)).collect();
    if of.len() != wanted.len() {
        return Err(Refusal::field("items", "unknown"));
    }
    let documents: BTreeSet<i64> = of.iter().map(|item| item.document_id).collect();
    owed::turn(tx, &documents)?;
    for item in &of {
        diesel::delete(payment_items::table.find(item.id)).kept().execute(tx.conn())?;
    }
    store::count(tx, run_id, run.last_seq)?;
    state::set(tx, &record, &run.state)?;
    tx.audit(Audit::of_record(run_id).detail(json!({ "removed": documents })))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(run_id), &())?;
    Ok(())
}

/// The documents that are asked for, in the order of their ids: so they are taken by all who take some.
fn wanted(tx: &mut ReadTx<'_>, actor: &Actor, input: &AddPayments) -> Outcome<Vec<i64>> {
    let mut wanted = match (&input.documents[..], &input.all) {
        ([], Some(filter)) => payable::ids(tx, actor, filter, PAYMENT_ITEMS_MAX)?,
        ([], None) => return Err(Refusal::field("documents", "required")),
        (named, _) => named.to_vec(),
    };
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.len() > PAYMENT_ITEMS_MAX {
        return Err(FieldError::new("documents", "too_many").with("max", PAYMENT_ITEMS_MAX).into());
    }
    Ok(wanted)
}

/// A document as it is loaded: record, method, currency, open, day, party.
type Loaded = (i64, String, String, i64, NaiveDate, Option<i64>);

fn candidates(tx: &mut ReadTx<'_>, agency_id: i64, wanted: &[i64]) -> Outcome<Vec<Candidate>> {
    let mut found = Vec::with_capacity(wanted.len());
    for some in wanted.chunks(IDS) {
        let rows: Vec<Loaded> = finance_documents::table
            .filter(finance_documents::record_id.eq_any(some))
            .filter(finance_documents::agency_id.eq(agency_id))
            .order(finance_documents::record_id)
            .select((
                finance_documents::record_id,
                finance_documents::method,
                finance_documents::currency,
                finance_documents::to_pay,
                finance_documents::effective_on,
                finance_documents::party_id,
            ))
            .load(tx.conn())?;
        let heads: Vec<(i64, Option<String>, String)> = records::table
            .filter(records::id.eq_any(some))
            .select((records::id, records::number, records::state))
            .load(tx.conn())?;
        let mut heads: BTreeMap<i64, (Option<String>, String)> =
            heads.into_iter().map(|(id, number, state)| (id, (number, state))).collect();
        let payees = payees(tx, rows.iter().filter_map(|row| row.5).collect())?;
        for (id, method, currency, open, on, party) in rows {
            let (number, state) = heads.remove(&id).unwrap_or_default();
            found.push(Candidate {
                id,
                number: number.unwrap_or_default(),
                method,
                currency,
                open,
                counts: state == DocumentState::Posted.code(),
                on,
                party: party.and_then(|party| payees.get(&party).cloned()),
            });
        }
    }
    if found.len() == wanted.len() { Ok(found) } else { Err(Refusal::NotFound("finance_document")) }
}

/// Names and IBANs of parties.
fn payees(tx: &mut ReadTx<'_>, ids: BTreeSet<i64>) -> Outcome<BTreeMap<i64, Payee>> {
    let rows: Vec<(i64, String, String, String, bool, Option<i64>)> = parties::table
        .filter(parties::id.eq_any(ids))
        .select((parties::id, parties::name_ar, parties::name_en, parties::iban, parties::active, parties::user_id))
        .load(tx.conn())?;
    let payee = |(id, ar, en, iban, active, user_id)| (id, Payee { name: Named { ar, en }, iban, active, user_id });
    Ok(rows.into_iter().map(payee).collect())
}

/// Why something is refused: a code, and what its text is filled with.
type Why = (&'static str, Vec<(&'static str, String)>);

/// Why a document cannot be in a run, if it cannot.
fn check(candidate: &Candidate, run: &RunRow) -> Option<Why> {
    if !candidate.counts || candidate.open <= 0 {
        return Some(("not_payable", Vec::new()));
    }
    if candidate.method != PayMethod::Transfer.code() {
        return Some(("paid_otherwise", vec![("method", candidate.method.clone())]));
    }
    if candidate.currency != run.currency {
        let currencies = vec![("currency", candidate.currency.clone()), ("expected", run.currency.clone())];
        return Some(("other_currency", currencies));
    }
    // The bank pays on the day of the run: what is owed from a later day on waits for another one.
    if candidate.on > run.pay_on {
        return Some(("before_day", vec![("day", candidate.on.to_string())]));
    }
    let payee = candidate.party.as_ref();
    if let Some(gone) = payee.filter(|payee| !payee.active) {
        return Some(("party_inactive", vec![("name", gone.name.get(Lang::Ar).to_owned())]));
    }
    match payee.map(|payee| payee.iban.as_str()) {
        None | Some("") => Some(("iban_missing", Vec::new())),
        Some(iban) if !valid_iban(iban) => Some(("iban_check", vec![("iban", iban.to_owned())])),
        Some(_) => None,
    }
}

fn refusal(of: Candidate, code: &str, args: Vec<(&'static str, String)>) -> PaymentRefusal {
    let args: Args = args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let party = of.party.map(|payee| payee.name);
    PaymentRefusal { document_id: of.id, number: of.number, party, code: code.to_owned(), args }
}

/// Writes the item; the database takes what is open of the document with it.
fn insert(tx: &mut WriteTx<'_>, actor: &Actor, (run, seq): (&RunRow, i64), of: &Candidate, amount: i64) -> Outcome<()> {
    let party = of.party.clone().unwrap_or_default();
    let (payee, iban) = (party.name.get(Lang::Ar), party.iban.as_str());
    // So many digits after the dash that no two read the same without it.
    let end_to_end = format!("PAY{}-{seq:05}", run.record_id);
    let fold = text::fold(&format!("{payee} {iban} {} {end_to_end}", of.number));
    diesel::insert_into(payment_items::table)
        .values((
            (payment_items::run_id.eq(run.record_id), payment_items::agency_id.eq(run.agency_id)),
            (payment_items::seq.eq(seq), payment_items::state.eq(PaymentItemState::Pending.code())),
            (payment_items::document_id.eq(of.id), payment_items::payee.eq(payee), payment_items::iban.eq(iban)),
            (payment_items::amount.eq(amount), payment_items::base_amount.eq(of.open)),
            (payment_items::end_to_end.eq(end_to_end), payment_items::fold.eq(fold)),
            (payment_items::added_by.eq(actor.user_id), payment_items::reason.eq("")),
        ))
        .execute(tx.conn())?;
    Ok(())
}
