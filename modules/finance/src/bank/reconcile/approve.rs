//! Approving (اعتماد التسوية): by another person than the one who prepared it; from then on it is sealed.

use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_finance_api::ReconciliationState;
use diwan_kernel::Named;
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{CHANGED, numbers, seals, state, store as spine},
    secrets::Secrets,
};
use diwan_schema::{finance::reconciliations, platform::agencies};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    figures::{self, Content},
    store,
};

/// The register that reconciliations are numbered in.
const REGISTER: &str = "reconciliation";

/// Approves and seals.
///
/// # Errors
/// Not found; another version; not submitted; `own_reconciliation`; `reconciliation_changed` where books or bank say something
/// else than when it was submitted.
pub fn approve(tx: &mut WriteTx<'_>, secrets: &Secrets, actor: &Actor, id: i64, version: i64) -> Outcome<()> {
    let (row, account, record) =
        store::take(tx, actor, (id, version), (ReconciliationState::Submitted, "approve_reconciliation"))?;
    if row.prepared_by == actor.user_id {
        return Err(Refusal::rule("own_reconciliation", []));
    }
    let stored = row.content.clone().unwrap_or_default();
    let content: Content = serde_json::from_str(&stored)?;
    let now_so = figures::of(tx, &account, &row, (Named::default(), None))?;
    if !content.agrees(&now_so) {
        return Err(Refusal::rule("reconciliation_changed", [("day", row.day.to_string())]));
    }
    let now = tx.now();
    let root = figures::hex(&Sha256::digest(stored.as_bytes()));
    diesel::update(reconciliations::table.find(id))
        .set((
            reconciliations::state.eq(ReconciliationState::Approved.code()),
            reconciliations::approved_by.eq(actor.user_id),
            reconciliations::approved_at.eq(now),
            reconciliations::root.eq(&root),
        ))
        .execute(tx.conn())?;
    state::close(tx, &record, ReconciliationState::Approved.code())?;
    tx.audit(Audit::of_record(id).detail(json!({ "state": ReconciliationState::Approved.code(), "root": root })))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    let code = agency_code(tx, actor.agency_id)?;
    let pattern = format!("{code}-ت/{{year}}/{{seq}}");
    let register = (REGISTER, "سجل التسويات البنكية", "Register of bank reconciliations", pattern.as_str());
    numbers::ensure(tx, actor.agency_id, &[register])?;
    let number = numbers::take(tx, actor.agency_id, REGISTER, id, actor.user_id)?.display;
    let form = canonical(tx, actor, (code, number, record.subject), (&content, root))?;
    seals::seal(tx, secrets, actor.agency_id, id, &form)?;
    Ok(())
}

fn agency_code(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<String> {
    Ok(agencies::table.find(agency_id).select(agencies::code).first(tx.conn())?)
}

/// What the agency's key signs: the root over the content, and the figures as people read them.
fn canonical(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    (agency_code, number, subject): (String, String, String),
    (content, root): (&Content, String),
) -> Outcome<seals::Canonical> {
    let file = |one: &figures::Sealed| seals::SealedFile { name: one.number.clone(), sha256: one.sha256.clone() };
    Ok(seals::Canonical {
        v: 1,
        agency_code,
        agency: spine::agency_ref(tx, actor.agency_id)?.name,
        number,
        date: tx.today(),
        subject,
        recipients: Vec::new(),
        content: json!({
            "root": root,
            "day": content.day,
            "account": content.account,
            "book_balance": content.book_balance,
            "bank_balance": content.bank_balance,
        }),
        files: content.statements.iter().map(file).collect(),
        signed_by: spine::user_ref(tx, actor.user_id)?.name,
        signed_for: None,
    })
}
