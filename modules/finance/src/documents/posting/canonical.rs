//! What the seal of a document stands for: everything its reader relies on.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::{Keep, ReadTx};
use diwan_finance_api::{DocumentKind, Duty};
use diwan_kernel::Named;
use diwan_platform::{
    Actor, Outcome,
    people::names,
    records::{RecordRow, seals},
};
use diwan_schema::finance::{accounts, budget_keys, cost_centres, finance_approvals, parties};
use serde_json::{Value, json};

use super::super::{
    details,
    store::{self, DocumentRow, LineRow},
};

/// Version of the form. The first one had neither the fiscal year nor the mark of the complementary period nor the day it is due;
/// what was sealed in it stays as it was sealed, and is verified as it stands.
const FORM: u32 = 2;

/// The canonical form of a document that has just taken its number in the register of its year.
///
/// # Errors
/// The database fails.
pub(super) fn of(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    (record, document, lines): (&RecordRow, &DocumentRow, &[LineRow]),
    (number, year): (String, i32),
) -> Outcome<seals::Canonical> {
    let (agency_code, agency) = seals::agency(tx, document.agency_id)?;
    let approvals: Vec<(String, i64, Option<i64>)> = finance_approvals::table
        .filter(finance_approvals::record_id.eq(document.record_id))
        .filter(finance_approvals::round.eq(document.round))
        .order((finance_approvals::done_at, finance_approvals::duty.desc()))
        .select((finance_approvals::duty, finance_approvals::user_id, finance_approvals::on_behalf_of))
        .kept()
        .load(tx.conn())?;
    let party = Some(record.party.clone()).filter(|party| !party.is_empty());
    let (lines, counter) = coded(tx, document, lines)?;
    let number_of = |tx: &mut ReadTx<'_>, id: Option<i64>| id.map(|id| store::name_of(tx, id)).transpose();
    let source = number_of(tx, document.source_id)?;
    let reverses = number_of(tx, document.reverses_id)?;
    let kind = document.kind()?;
    let slices = if kind == DocumentKind::Commitment { store::slices(tx, document.record_id)? } else { Vec::new() };
    let said = if kind.shape().details.is_empty() { None } else { Some(details::load(tx, document.record_id)?) };
    Ok(seals::Canonical {
        v: FORM,
        agency_code,
        agency,
        number,
        date: document.effective_on,
        subject: record.subject.clone(),
        recipients: party.map(|ar| Named { ar, en: String::new() }).into_iter().collect(),
        content: json!({
            "kind": document.kind,
            "year": year,
            "complementary": document.complementary,
            "due_on": record.due_on,
            "currency": document.currency,
            "rate": document.rate,
            "amount": document.amount,
            "base_amount": document.base_amount,
            "reference": document.reference,
            "reference_on": document.reference_on,
            "method": document.method,
            "counter": counter,
            "source": source,
            "reverses": reverses,
            "slices": slices,
            "details": said,
            "approvals": approvals,
            "lines": lines,
        }),
        files: seals::files(tx, document.record_id)?,
        signed_by: Named { ar: actor.name_ar.clone(), en: actor.name_en.clone() },
        signed_for: signed_for(tx, actor, &approvals)?,
    })
}

/// Whoever the last signature was given for.
fn signed_for(tx: &mut ReadTx<'_>, actor: &Actor, approvals: &[(String, i64, Option<i64>)]) -> Outcome<Option<Named>> {
    let mine = approvals.iter().find(|(duty, by, _)| duty == Duty::Authorise.code() && *by == actor.user_id);
    let Some(other) = mine.and_then(|(.., other)| *other) else { return Ok(None) };
    Ok(names::of_users(tx, [other])?.get(other).cloned())
}

/// The codes of a table by their ids.
macro_rules! codes {
    ($tx:ident, $table:ident, $ids:expr) => {{
        let mut ids: Vec<i64> = $ids.collect();
        ids.sort_unstable();
        ids.dedup();
        let mut codes = BTreeMap::<i64, String>::new();
        for some in ids.chunks(1_000) {
            let of = $table::table.filter($table::id.eq_any(some)).select(($table::id, $table::code));
            let of = of.kept_if_short(some.len());
            codes.extend(of.load::<(i64, String)>($tx.conn())?);
        }
        codes
    }};
}

/// The lines and the account that takes their difference, by the codes of what they name: ids mean nothing outside.
fn coded(tx: &mut ReadTx<'_>, document: &DocumentRow, lines: &[LineRow]) -> Outcome<(Vec<Value>, Option<String>)> {
    let account_codes =
        codes!(tx, accounts, lines.iter().filter_map(|line| line.account_id).chain(document.counter_id));
    let key_codes = codes!(tx, budget_keys, lines.iter().filter_map(|line| line.key_id));
    let party_codes = codes!(tx, parties, lines.iter().filter_map(|line| line.party_id));
    let centre_codes = codes!(tx, cost_centres, lines.iter().filter_map(|line| line.centre_id));
    let line = |line: &LineRow| {
        json!({
            "account": line.account_id.and_then(|id| account_codes.get(&id)),
            "key": line.key_id.and_then(|id| key_codes.get(&id)),
            "party": line.party_id.and_then(|id| party_codes.get(&id)),
            "centre": line.centre_id.and_then(|id| centre_codes.get(&id)),
            "side": line.side,
            "amount": line.amount,
            "base_amount": line.base_amount,
            "note": line.note,
        })
    };
    let counter = document.counter_id.and_then(|id| account_codes.get(&id).cloned());
    Ok((lines.iter().map(line).collect(), counter))
}
