//! Spending before the law (الصرف على أساس 1/12): a supplement out of last year's keys, one part in twelve a month, as a rule of the
//! year allows it. The law that comes takes its place: it brings its own appropriations, and what stood for it goes out again,
//! while what was spent stays spent.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_finance_api::{Bucket, DocumentInput, DocumentKind, DocumentState, LineInput, MoveKind, ProvisionalInput};
use diwan_kernel::{FieldError, Permission, money};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::{
    finance::{budget_keys, budget_lines, finance_documents, finance_lines, fiscal_years, provisional_documents},
    platform::records,
};

use super::{
    appropriated::{self, share},
    keys, rules,
    values::Values,
};
use crate::{
    amounts, documents,
    ledger::{Spend, moves::Move},
    structure::{
        keys::{PartIds, Parts, part_ids},
        years,
    },
};

/// Drafts the appropriation up to the end of a month: of each key the months' share of last year's, less what such documents
/// gave before. Answers its record.
///
/// # Errors
/// `provisional_off` where no rule allows it; `law_is_there`; `provisional_nothing`; `no_fiscal_year`; a wrong month; a part of a
/// key that is not in force any more; a missing right.
pub fn draft(tx: &mut WriteTx<'_>, actor: &Actor, input: &ProvisionalInput) -> Outcome<i64> {
    actor.require(Permission::FinanceBudget)?;
    // No month is given before it has begun.
    let last_month = input.on.month();
    if !(1..=last_month).contains(&input.through_month) {
        return Err(FieldError::new("through_month", "out_of_range").with("min", 1).with("max", last_month).into());
    }
    let (year_id, year) = (years::of_day(tx, actor.agency_id, input.on)?, input.on.year());
    no_law(tx, year_id)?;
    let rule = rules::in_force(tx, actor.agency_id, year, input.on)?.filter(|rule| rule.allowed);
    let Some(rule) = rule else { return Err(off(year)) };
    let last = last_year(tx, actor.agency_id, year)?.ok_or_else(|| no_year(year - 1))?;
    let mut amounts = appropriated::of_year(tx, actor.agency_id, last)?;
    let given = given(tx, year_id, None)?;
    for (parts, amount) in &mut amounts {
        *amount = share(*amount, input.through_month, rule.parts) - given.get(parts).copied().unwrap_or(0);
    }
    amounts.retain(|_, amount| *amount > 0);
    if amounts.is_empty() {
        let month = input.through_month.to_string();
        return Err(Refusal::rule("provisional_nothing", [("year", (year - 1).to_string()), ("month", month)]));
    }
    let values = Values::load(tx, actor.agency_id)?;
    let wanted: Vec<Parts> = amounts.keys().copied().collect();
    keys::ensure(tx, actor, (year_id, input.on), (&values, &wanted))?;
    let lines = amounts.iter().map(|(parts, amount)| LineInput {
        key: values.code(parts),
        debit: money::format(*amount, money::JOD_SCALE),
        ..LineInput::default()
    });
    let subject = format!("اعتماد مؤقت قبل قانون الموازنة حتى نهاية شهر {}/{}", input.through_month, year);
    let document = DocumentInput {
        subject,
        // A rule may quote more than a document has room for.
        reference: rule.reference.chars().take(100).collect(),
        lines: lines.collect(),
        ..DocumentInput::new(DocumentKind::Supplementary, input.on)
    };
    let id = documents::create(tx, actor, &document)?;
    diesel::insert_into(provisional_documents::table)
        .values((
            provisional_documents::record_id.eq(id),
            provisional_documents::agency_id.eq(actor.agency_id),
            provisional_documents::year_id.eq(year_id),
            provisional_documents::rule_id.eq(rule.id),
            provisional_documents::through_month.eq(i32::try_from(input.through_month).unwrap_or(12)),
        ))
        .execute(tx.conn())?;
    tx.audit(
        Audit::of_record(id).detail(serde_json::json!({ "rule": rule.id, "through_month": input.through_month })),
    )?;
    Ok(id)
}

fn off(year: i32) -> Refusal {
    Refusal::rule("provisional_off", [("year", year.to_string())])
}

fn no_year(year: i32) -> Refusal {
    Refusal::rule("no_fiscal_year", [("year", year.to_string())])
}

/// The year before a year, where it was opened.
///
/// # Errors
/// The database fails.
pub(super) fn last_year(tx: &mut ReadTx<'_>, agency_id: i64, year: i32) -> Outcome<Option<i64>> {
    Ok(fiscal_years::table
        .filter(fiscal_years::agency_id.eq(agency_id))
        .filter(fiscal_years::year.eq(year - 1))
        .select(fiscal_years::id)
        .first(tx.conn())
        .optional()?)
}

/// The posted laws of a year, the first one first.
///
/// # Errors
/// The database fails.
pub(super) fn laws_of(tx: &mut ReadTx<'_>, year_id: i64) -> Outcome<Vec<i64>> {
    Ok(finance_documents::table
        .filter(finance_documents::year_id.eq(year_id))
        .filter(finance_documents::kind.eq(DocumentKind::BudgetLaw.code()))
        .filter(finance_documents::posted_at.is_not_null())
        .order(finance_documents::record_id)
        .select(finance_documents::record_id)
        .load(tx.conn())?)
}

/// Goes on only while no law of the year is posted.
fn no_law(tx: &mut ReadTx<'_>, year_id: i64) -> Outcome<()> {
    let Some(id) = laws_of(tx, year_id)?.first().copied() else { return Ok(()) };
    Err(Refusal::rule("law_is_there", [("document", documents::name_of(tx, id)?)]))
}

/// What the documents of a year that stand for a law give each key: those that count or may still come to, or with `posted`
/// the posted ones besides that one.
fn given(tx: &mut ReadTx<'_>, year_id: i64, posted: Option<i64>) -> Outcome<BTreeMap<Parts, i64>> {
    let mut documents = provisional_documents::table
        .inner_join(records::table.on(records::id.eq(provisional_documents::record_id)))
        .filter(provisional_documents::year_id.eq(year_id))
        .into_boxed();
    documents = match posted {
        Some(id) => documents
            .filter(records::state.eq(DocumentState::Posted.code()))
            .filter(provisional_documents::record_id.ne(id)),
        None => documents.filter(records::state.ne(DocumentState::Void.code())),
    };
    let ids: Vec<i64> = documents.select(provisional_documents::record_id).load(tx.conn())?;
    let mut sums = BTreeMap::<Parts, i64>::new();
    for (_, parts, _, amount) in lines_of(tx, &ids)? {
        let sum = sums.entry(parts).or_default();
        *sum = amounts::sum([*sum, amount])?;
    }
    Ok(sums)
}

/// A line that appropriates: key, its parts, its budget line, amount.
pub(super) type KeyLine = (i64, Parts, i64, i64);

/// The lines of documents, in their order.
///
/// # Errors
/// The database fails.
pub(super) fn lines_of(tx: &mut ReadTx<'_>, documents: &[i64]) -> Outcome<Vec<KeyLine>> {
    type Row = (i64, PartIds, i64, i64);
    let rows: Vec<Row> = finance_lines::table
        .inner_join(budget_keys::table.on(budget_keys::id.nullable().eq(finance_lines::key_id)))
        .filter(finance_lines::record_id.eq_any(documents))
        .order((finance_lines::record_id, finance_lines::seq))
        .select((budget_keys::id, part_ids(), budget_keys::line_id, finance_lines::base_amount))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(key, parts, line, amount)| (key, parts.into(), line, amount)).collect())
}

/// What stands for a law only gives, and what it gave goes out again as a whole: nothing is taken down by a draft of it.
///
/// # Errors
/// The first line that takes: `not_asked`.
pub(crate) fn only_gives(tx: &mut ReadTx<'_>, record_id: i64, lines: &[LineInput]) -> Outcome<()> {
    let Some(at) = lines.iter().position(|line| !line.credit.trim().is_empty()) else { return Ok(()) };
    let stands = provisional_documents::table.find(record_id).select(provisional_documents::record_id);
    let stands: Option<i64> = stands.first(tx.conn()).optional()?;
    match stands {
        Some(_) => Err(Refusal::field(&format!("lines.{at}.credit"), "not_asked")),
        None => Ok(()),
    }
}

/// Looks once more when such a document is posted: the rule is still in force, no law has come, and no key gets more than its
/// share up to the month of the day, to which a draft may have been moved. Of any other supplement nothing is asked.
///
/// # Errors
/// `provisional_off`, `law_is_there`, `provisional_over_share` with the figures.
pub(crate) fn check(tx: &mut WriteTx<'_>, record_id: i64) -> Outcome<()> {
    type Row = (i64, i64, i64, i32, chrono::NaiveDate);
    let found: Option<Row> = provisional_documents::table
        .inner_join(finance_documents::table.on(finance_documents::record_id.eq(provisional_documents::record_id)))
        .filter(provisional_documents::record_id.eq(record_id))
        .select((
            provisional_documents::agency_id,
            provisional_documents::year_id,
            provisional_documents::rule_id,
            provisional_documents::through_month,
            finance_documents::effective_on,
        ))
        .first(tx.conn())
        .optional()?;
    let Some((agency_id, year_id, rule_id, month, on)) = found else { return Ok(()) };
    rules::take(tx, agency_id, on.year())?;
    no_law(tx, year_id)?;
    let rule = rules::in_force(tx, agency_id, on.year(), on)?.filter(|rule| rule.allowed && rule.id == rule_id);
    let Some(rule) = rule else { return Err(off(on.year())) };
    let last = last_year(tx, agency_id, on.year())?.ok_or_else(|| no_year(on.year() - 1))?;
    let amounts = appropriated::of_year(tx, agency_id, last)?;
    let before = given(tx, year_id, Some(record_id))?;
    let mut asked = BTreeMap::<Parts, (i64, i64)>::new();
    for (key, parts, _, amount) in lines_of(tx, &[record_id])? {
        let sum = asked.entry(parts).or_insert((key, 0));
        sum.1 = amounts::sum([sum.1, amount])?;
    }
    for (parts, (key, asked)) in asked {
        let months = u32::try_from(month).unwrap_or(0).min(on.month());
        let most = share(amounts.get(&parts).copied().unwrap_or(0), months, rule.parts);
        let before = before.get(&parts).copied().unwrap_or(0);
        if asked > most - before {
            let key: String = budget_keys::table.find(key).select(budget_keys::code).first(tx.conn())?;
            let amount = |minor: i64| money::format(minor, money::JOD_SCALE);
            return Err(Refusal::rule(
                "provisional_over_share",
                [("key", key), ("asked", amount(asked)), ("given", amount(before)), ("share", amount(most))],
            ));
        }
    }
    Ok(())
}

/// What goes out when the law comes: all that stood for it, from what the law leaves unallotted and then from what is
/// available; and the documents are marked. `brings` is what the law gives each budget line.
///
/// # Errors
/// The database fails; where more was spent than the law gives, applying the moves refuses with the arithmetic.
pub(crate) fn replaced(
    tx: &mut WriteTx<'_>,
    (law, agency_id, year_id): (i64, i64, i64),
    brings: &BTreeMap<i64, i64>,
) -> Outcome<Vec<Spend>> {
    let year: i32 = fiscal_years::table.find(year_id).select(fiscal_years::year).first(tx.conn())?;
    rules::take(tx, agency_id, year)?;
    let ids = standing(tx, year_id)?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let stood = lines_of(tx, &ids)?;
    let mut room = unallotted(tx, stood.iter().map(|one| one.2))?;
    for (line, amount) in brings {
        if let Some(room) = room.get_mut(line) {
            *room = room.saturating_add(*amount);
        }
    }
    let (mut out, mut back, mut late) = (Vec::new(), Vec::new(), Vec::new());
    for (key, _, line_id, amount) in stood {
        let one = |source, target, amount| Move { line_id, key_id: Some(key), source, target, amount };
        let left = room.entry(line_id).or_default();
        let first = amount.min(*left);
        *left -= first;
        if first > 0 {
            out.push(one(Bucket::Unallotted, Bucket::Outside, first));
        }
        if amount > first {
            back.push(one(Bucket::Available, Bucket::Unallotted, amount - first));
            late.push(one(Bucket::Unallotted, Bucket::Outside, amount - first));
        }
    }
    for some in ids.chunks(500) {
        diesel::update(provisional_documents::table.filter(provisional_documents::record_id.eq_any(some)))
            .set(provisional_documents::replaced_by.eq(law))
            .execute(tx.conn())?;
    }
    let spend = |kind, moves| Spend { kind, moves };
    let supplementary = MoveKind::Supplementary;
    Ok([(supplementary, out), (MoveKind::FinancialOrder, back), (supplementary, late)]
        .into_iter()
        .filter(|(_, moves)| !moves.is_empty())
        .map(|(kind, moves)| spend(kind, moves))
        .collect())
}

/// The posted documents of a year that stand for a law that has not come.
fn standing(tx: &mut ReadTx<'_>, year_id: i64) -> Outcome<Vec<i64>> {
    Ok(provisional_documents::table
        .inner_join(records::table.on(records::id.eq(provisional_documents::record_id)))
        .filter(provisional_documents::year_id.eq(year_id))
        .filter(provisional_documents::replaced_by.is_null())
        .filter(records::state.eq(DocumentState::Posted.code()))
        .select(provisional_documents::record_id)
        .load(tx.conn())?)
}

/// Goes on only where no budget line of these keys, which a supplement takes down, has what stands for a law: the law takes all of
/// that out again, and what was taken down before would be missing of what the law itself gives.
///
/// # Errors
/// `cut_before_law` with the key.
pub(crate) fn uncut(tx: &mut ReadTx<'_>, year_id: i64, keys: &[i64]) -> Outcome<()> {
    let ids = if keys.is_empty() { Vec::new() } else { standing(tx, year_id)? };
    if ids.is_empty() {
        return Ok(());
    }
    let stood: BTreeSet<i64> = lines_of(tx, &ids)?.into_iter().map(|(.., line, _)| line).collect();
    for some in keys.chunks(1_000) {
        let rows: Vec<(i64, String)> = budget_keys::table
            .filter(budget_keys::id.eq_any(some))
            .order(budget_keys::code)
            .select((budget_keys::line_id, budget_keys::code))
            .load(tx.conn())?;
        if let Some((_, key)) = rows.into_iter().find(|(line, _)| stood.contains(line)) {
            return Err(Refusal::rule("cut_before_law", [("key", key)]));
        }
    }
    Ok(())
}

/// What these budget lines hold that has no financial order.
fn unallotted(tx: &mut ReadTx<'_>, lines: impl Iterator<Item = i64>) -> Outcome<BTreeMap<i64, i64>> {
    let mut ids: Vec<i64> = lines.collect();
    ids.sort_unstable();
    ids.dedup();
    let mut found = BTreeMap::new();
    for some in ids.chunks(1_000) {
        let rows: Vec<(i64, i64)> = budget_lines::table
            .filter(budget_lines::id.eq_any(some))
            .select((budget_lines::id, budget_lines::unallotted))
            .load(tx.conn())?;
        found.extend(rows);
    }
    Ok(found)
}
