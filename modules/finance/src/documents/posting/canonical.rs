//! What the seal of a document stands for: everything its reader relies on.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::{Keep, ReadTx};
use diwan_kernel::Named;
use diwan_platform::{
    Actor, Outcome,
    records::{RecordRow, seals},
};
use diwan_schema::finance::{accounts, budget_keys, finance_approvals};
use serde_json::{Value, json};

use super::super::store::{DocumentRow, LineRow};

/// The canonical form of a document that has just taken its number.
///
/// # Errors
/// The database fails.
pub(super) fn of(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    (record, document, lines): (&RecordRow, &DocumentRow, &[LineRow]),
    number: String,
) -> Outcome<seals::Canonical> {
    let (agency_code, agency) = seals::agency(tx, document.agency_id)?;
    let approvals: Vec<(String, i64)> = finance_approvals::table
        .filter(finance_approvals::record_id.eq(document.record_id))
        .filter(finance_approvals::round.eq(document.round))
        .order((finance_approvals::done_at, finance_approvals::duty.desc()))
        .select((finance_approvals::duty, finance_approvals::user_id))
        .kept()
        .load(tx.conn())?;
    let party = Some(record.party.clone()).filter(|party| !party.is_empty());
    Ok(seals::Canonical {
        v: 1,
        agency_code,
        agency,
        number,
        date: document.effective_on,
        subject: record.subject.clone(),
        recipients: party.map(|ar| Named { ar, en: String::new() }).into_iter().collect(),
        content: json!({
            "kind": document.kind,
            "currency": document.currency,
            "rate": document.rate,
            "amount": document.amount,
            "base_amount": document.base_amount,
            "reference": document.reference,
            "approvals": approvals,
            "lines": coded(tx, lines)?,
        }),
        files: seals::files(tx, document.record_id)?,
        signed_by: Named { ar: actor.name_ar.clone(), en: actor.name_en.clone() },
        signed_for: None,
    })
}

/// The lines by the codes of what they name: ids mean nothing outside.
fn coded(tx: &mut ReadTx<'_>, lines: &[LineRow]) -> Outcome<Vec<Value>> {
    let (mut account_codes, mut key_codes) = (BTreeMap::new(), BTreeMap::new());
    let ids = |of: fn(&LineRow) -> Option<i64>| {
        let mut ids: Vec<i64> = lines.iter().filter_map(of).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    for some in ids(|line| line.account_id).chunks(1_000) {
        let of = accounts::table.filter(accounts::id.eq_any(some)).select((accounts::id, accounts::code));
        account_codes.extend(of.load::<(i64, String)>(tx.conn())?);
    }
    for some in ids(|line| line.key_id).chunks(1_000) {
        let of = budget_keys::table.filter(budget_keys::id.eq_any(some)).select((budget_keys::id, budget_keys::code));
        key_codes.extend(of.load::<(i64, String)>(tx.conn())?);
    }
    let line = |line: &LineRow| {
        json!({
            "account": line.account_id.and_then(|id| account_codes.get(&id)),
            "key": line.key_id.and_then(|id| key_codes.get(&id)),
            "side": line.side,
            "amount": line.amount,
            "base_amount": line.base_amount,
            "note": line.note,
        })
    };
    Ok(lines.iter().map(line).collect())
}
