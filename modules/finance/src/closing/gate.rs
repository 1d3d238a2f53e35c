//! What closing asks for (شروط الإقفال): nothing that blocks, every warning accepted, every sign-off given.

use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_finance_api::{AcceptInput, ClosingCheck, ClosingFinding, ClosingSeverity, SignOffStanding};
use diwan_kernel::text;
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::finance::period_acceptances;

use super::{
    findings,
    period::{self, Period},
    rules, signing,
};

/// How many things a refusal names.
const NAMED: usize = 10;

/// Refuses a close that something stands against. The caller stands alone at the period.
///
/// # Errors
/// `earlier_period_open`; `closing_blocked` with counts and the first documents and accounts; `warnings_open`;
/// `sign_offs_missing` with their names.
pub(crate) fn check(tx: &mut ReadTx<'_>, actor: &Actor, of: &Period) -> Outcome<()> {
    if let Some((_, number)) = period::open_before(tx, of)? {
        return Err(Refusal::rule("earlier_period_open", [("period", number.to_string())]));
    }
    let rules = rules::in_force(tx, of.agency_id, of.ends_on)?;
    if rules.is_empty() {
        return Ok(());
    }
    let findings = findings::all(tx, of, &rules)?;
    let sign_offs = signing::standing(tx, actor, of, &rules)?;
    blocked(&findings)?;
    warned(&findings)?;
    signed(&sign_offs)
}

/// Whether nothing stands against closing.
pub(super) fn is_clear(ruled: bool, findings: &[ClosingFinding], sign_offs: &[SignOffStanding]) -> bool {
    blocked(findings).is_ok() && (!ruled || warned(findings).is_ok() && signed(sign_offs).is_ok())
}

fn count(findings: &[ClosingFinding], check: ClosingCheck) -> String {
    findings.iter().find(|one| one.check == check).map_or(0, |one| one.count).to_string()
}

fn blocked(findings: &[ClosingFinding]) -> Outcome<()> {
    let blocking: Vec<&ClosingFinding> =
        findings.iter().filter(|one| one.severity == ClosingSeverity::Block && one.count > 0).collect();
    if blocking.is_empty() {
        return Ok(());
    }
    let named = blocking.iter().flat_map(|one| &one.items).take(NAMED);
    let items: Vec<&str> = named.map(|item| item.number.as_deref().unwrap_or(&item.name.ar)).collect();
    Err(Refusal::rule(
        "closing_blocked",
        [
            ("periods", count(findings, ClosingCheck::EarlierPeriods)),
            ("documents", count(findings, ClosingCheck::Documents)),
            ("bank", count(findings, ClosingCheck::Bank)),
            ("runs", count(findings, ClosingCheck::PaymentRuns)),
            ("items", items.join("، ")),
        ],
    ))
}

fn is_open_warning(one: &ClosingFinding) -> bool {
    one.severity == ClosingSeverity::Warn && one.count > 0 && one.accepted.is_none()
}

fn warned(findings: &[ClosingFinding]) -> Outcome<()> {
    if !findings.iter().any(is_open_warning) {
        return Ok(());
    }
    Err(Refusal::rule(
        "warnings_open",
        [
            ("advances", count(findings, ClosingCheck::Advances)),
            ("clearing", count(findings, ClosingCheck::Clearing)),
            ("bank", count(findings, ClosingCheck::BankChanged)),
        ],
    ))
}

fn signed(sign_offs: &[SignOffStanding]) -> Outcome<()> {
    let missing: Vec<&SignOffStanding> = sign_offs.iter().filter(|one| !one.given).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = |of: fn(&SignOffStanding) -> &str, between: &str| {
        missing.iter().map(|one| of(one)).collect::<Vec<_>>().join(between)
    };
    Err(Refusal::rule(
        "sign_offs_missing",
        [
            ("by_ar", names(|one| &one.name.ar, "، ")),
            ("by_en", names(|one| if one.name.en.is_empty() { &one.name.ar } else { &one.name.en }, ", ")),
        ],
    ))
}

/// Refuses to seal a period that was reopened, until all sign-offs are given anew: it may have closed by itself, without any.
///
/// # Errors
/// `sign_offs_missing` with their names.
pub(super) fn seals(reopenings: i64, sign_offs: &[SignOffStanding]) -> Outcome<()> {
    if reopenings > 0 { signed(sign_offs) } else { Ok(()) }
}

/// Accepts a warning as it stands, for a reason that is kept.
///
/// # Errors
/// Not found; closed already; `nothing_to_accept`; no reason.
pub(super) fn accept(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, input: &AcceptInput) -> Outcome<()> {
    let of = period::load(tx, actor.agency_id, id)?;
    if !of.is_open() {
        return Err(Refusal::WrongState { state: of.state.code().to_owned(), action: "accept_warning".to_owned() });
    }
    let reason = text::lines("reason", &input.reason, text::NOTE_MAX)?;
    let rules = rules::in_force(tx, actor.agency_id, of.ends_on)?;
    let findings = if rules.is_empty() { Vec::new() } else { findings::all(tx, &of, &rules)? };
    let Some(one) = findings.iter().find(|one| one.check == input.check && is_open_warning(one)) else {
        return Err(Refusal::rule("nothing_to_accept", []));
    };
    let now = tx.now();
    diesel::insert_into(period_acceptances::table)
        .values((
            period_acceptances::period_id.eq(id),
            period_acceptances::agency_id.eq(actor.agency_id),
            period_acceptances::finding.eq(one.check.code()),
            (period_acceptances::count.eq(one.count), period_acceptances::amount.eq(one.amount)),
            period_acceptances::reason.eq(&reason),
            period_acceptances::accepted_by.eq(actor.user_id),
            period_acceptances::accepted_at.eq(now),
        ))
        .execute(tx.conn())
        .map_err(accepted_before)?;
    let detail =
        serde_json::json!({ "accepted": one.check, "count": one.count, "amount": one.amount, "reason": reason });
    tx.audit(Audit::of("fiscal_period", id).detail(detail))?;
    Ok(())
}

/// Somebody else accepted it in the same moment.
fn accepted_before(error: diesel::result::Error) -> Refusal {
    let error = diwan_db::DbError::from(error);
    if error.is_unique_violation() { Refusal::rule("nothing_to_accept", []) } else { error.into() }
}
