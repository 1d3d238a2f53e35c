//! Sign-offs (إقرارات الإقفال): who answers for what of a period. A sign-off remembers how much was posted to the period, its budget
//! too, and how often it was reopened; it counts while these are the same.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_finance_api::{ClosingRuleKind, PeriodState, SignOff, SignOffInput, SignOffStanding, SignOffVoid};
use diwan_kernel::{Named, text};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_platform_api::records::Ref;
use diwan_schema::{finance::period_sign_offs, platform::users};

use super::{
    period::{self, Period},
    rules::{self, Rule},
};

/// A sign-off as stored: rule, entries, reopenings, note, who, when.
type Row = (i64, i64, i64, String, (i64, String, String), NaiveDateTime);

/// Those of a period, the last one of each rule.
fn last(tx: &mut ReadTx<'_>, period_id: i64) -> Outcome<BTreeMap<i64, Row>> {
    let rows: Vec<Row> = period_sign_offs::table
        .inner_join(users::table.on(users::id.eq(period_sign_offs::signed_by)))
        .filter(period_sign_offs::period_id.eq(period_id))
        .order(period_sign_offs::id)
        .select((
            period_sign_offs::rule_id,
            period_sign_offs::entries,
            period_sign_offs::reopenings,
            period_sign_offs::note,
            (users::id, users::name_ar, users::name_en),
            period_sign_offs::signed_at,
        ))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| (row.0, row)).collect())
}

/// How each sign-off that the rules ask for stands.
///
/// # Errors
/// The database fails.
pub(super) fn standing(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    of: &Period,
    rules: &[Rule],
) -> Outcome<Vec<SignOffStanding>> {
    let now = period::counts(tx, of.id)?;
    let mut last = last(tx, of.id)?;
    let asked = rules.iter().filter_map(|rule| rule.right.map(|right| (rule, right)));
    let mut all: Vec<SignOffStanding> = asked
        .map(|(rule, right)| {
            let last = last.remove(&rule.id).map(|row| sign_off(row, now));
            SignOffStanding {
                rule_id: rule.id,
                code: rule.code.clone(),
                name: rule.name.clone(),
                right,
                other_person: rule.other_person,
                given: last.as_ref().is_some_and(|last| last.void.is_none()),
                last,
                may_sign: false,
            }
        })
        .collect();
    for at in 0..all.len() {
        let apart = all.get(at).is_some_and(|one| stands_apart(one, &all, actor.user_id));
        if let Some(one) = all.get_mut(at) {
            one.may_sign = takes(of, now.1) && !one.given && actor.can(one.right) && apart;
        }
    }
    Ok(all)
}

/// Whether a period that was reopened so often takes sign-offs: while it may be closed, and after a reopening until it is sealed,
/// since it may have closed by itself.
fn takes(of: &Period, reopenings: i64) -> bool {
    of.is_open() || (of.state == PeriodState::Closed && reopenings > 0)
}

fn sign_off((_, entries, reopenings, note, (id, ar, en), at): Row, now: (i64, i64)) -> SignOff {
    let void = if reopenings != now.1 {
        Some(SignOffVoid::Reopened)
    } else if entries != now.0 {
        Some(SignOffVoid::Posted)
    } else {
        None
    };
    SignOff { by: Ref { id, name: Named { ar, en } }, at, note, void, entries_since: (now.0 - entries).max(0) }
}

/// Whether the person has signed nothing beside it, where this one or the other asks for another person.
fn stands_apart(one: &SignOffStanding, all: &[SignOffStanding], user_id: i64) -> bool {
    let signed = |other: &&SignOffStanding| {
        other.rule_id != one.rule_id && other.given && other.last.as_ref().is_some_and(|last| last.by.id == user_id)
    };
    !all.iter().filter(signed).any(|other| one.other_person || other.other_person)
}

/// Gives a sign-off of the period as it is.
///
/// # Errors
/// Not found; closed already; the right of the rule is missing; `signed_already`; `sign_off_other_person`.
pub(super) fn sign(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, input: &SignOffInput) -> Outcome<()> {
    let seen = period::load(tx, actor.agency_id, id)?;
    if !takes(&seen, period::counts(tx, id)?.1) {
        return Err(Refusal::WrongState { state: seen.state.code().to_owned(), action: "sign_off".to_owned() });
    }
    // What is being posted comes before the signature or voids it.
    period::take(tx, id)?;
    let of = period::load(tx, actor.agency_id, id)?;
    let rules = rules::in_force(tx, actor.agency_id, of.ends_on)?;
    let signs = |rule: &&Rule| rule.id == input.rule_id && rule.kind == ClosingRuleKind::SignOff;
    let rule = rules.iter().find(signs).ok_or(Refusal::NotFound("closing_rule"))?;
    let all = standing(tx, actor, &of, &rules)?;
    let one = all.iter().find(|one| one.rule_id == rule.id).ok_or(Refusal::NotFound("closing_rule"))?;
    actor.require(one.right)?;
    if one.given {
        return Err(Refusal::rule("signed_already", []));
    }
    if !stands_apart(one, &all, actor.user_id) {
        return Err(Refusal::rule("sign_off_other_person", []));
    }
    let note =
        if input.note.trim().is_empty() { String::new() } else { text::lines("note", &input.note, text::NOTE_MAX)? };
    let (posted, reopened) = period::counts(tx, id)?;
    let now = tx.now();
    let signed: i64 = diesel::insert_into(period_sign_offs::table)
        .values((
            period_sign_offs::period_id.eq(id),
            period_sign_offs::agency_id.eq(actor.agency_id),
            period_sign_offs::rule_id.eq(rule.id),
            period_sign_offs::entries.eq(posted),
            period_sign_offs::reopenings.eq(reopened),
            period_sign_offs::note.eq(&note),
            period_sign_offs::signed_by.eq(actor.user_id),
            period_sign_offs::signed_at.eq(now),
        ))
        .returning(period_sign_offs::id)
        .get_result(tx.conn())?;
    let detail = serde_json::json!({ "sign_off": signed, "rule": rule.code, "entries": posted });
    tx.audit(Audit::of("fiscal_period", id).detail(detail))?;
    Ok(())
}
