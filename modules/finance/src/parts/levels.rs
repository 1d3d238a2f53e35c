//! Control levels (مستويات الرقابة): how deep each part of the key is controlled in a year.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_finance_api::{ControlInput, ControlLevel, DEPTH_MAX, SegmentKind};
use diwan_kernel::{FieldError, Lang};
use diwan_platform::{
    Actor, Outcome, Refusal,
    people::words::said,
    sheet::{Cell, Column, ListSheet},
};
use diwan_schema::finance::{budget_lines, control_levels, fiscal_years};

use super::{part, words::SEGMENTS};

/// The levels of every year of the agency, the newest year first, the parts in their order.
///
/// # Errors
/// The database fails.
pub fn list(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Vec<ControlLevel>> {
    let years: Vec<(i64, i32, i64)> = fiscal_years::table
        .filter(fiscal_years::agency_id.eq(agency_id))
        .order(fiscal_years::year.desc())
        .select((fiscal_years::id, fiscal_years::year, fiscal_years::version))
        .load(tx.conn())?;
    let ids: Vec<i64> = years.iter().map(|(id, ..)| *id).collect();
    let fixed: BTreeSet<i64> = budget_lines::table
        .filter(budget_lines::year_id.eq_any(ids.clone()))
        .select(budget_lines::year_id)
        .distinct()
        .load::<i64>(tx.conn())?
        .into_iter()
        .collect();
    let levels: Vec<(i64, String, i32)> = control_levels::table
        .filter(control_levels::year_id.eq_any(ids))
        .select((control_levels::year_id, control_levels::kind, control_levels::depth))
        .load(tx.conn())?;
    let mut rows = Vec::with_capacity(levels.len());
    for (id, year, version) in years {
        for kind in SegmentKind::ALL {
            let of = levels.iter().find(|(year_id, code, _)| *year_id == id && code == kind.code());
            let depth = of.map_or(0, |(_, _, depth)| *depth);
            rows.push(ControlLevel { id, year, kind: *kind, depth, fixed: fixed.contains(&id), version });
        }
    }
    Ok(rows)
}

/// Changes the level of a part in a year that has no budget lines yet: lines that are there were made by the old one.
///
/// # Errors
/// Not found; another version of the year; `control_fixed`; a depth out of range.
pub fn change(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    (year_id, version): (i64, i64),
    input: &ControlInput,
) -> Outcome<ControlLevel> {
    let of_year = |tx: &mut ReadTx<'_>| -> Outcome<ControlLevel> {
        let found = list(tx, actor.agency_id)?.into_iter().find(|one| one.id == year_id && one.kind == input.kind);
        found.ok_or(Refusal::NotFound("fiscal_year"))
    };
    let before = of_year(tx)?;
    if before.version != version {
        return Err(Refusal::stale("fiscal_year", before.version, version));
    }
    if !(0..=DEPTH_MAX).contains(&input.depth) {
        return Err(FieldError::new("depth", "out_of_range").with("min", 0).with("max", DEPTH_MAX).into());
    }
    if before.fixed {
        return Err(Refusal::rule("control_fixed", [("year", before.year.to_string())]));
    }
    let same = fiscal_years::table.filter(fiscal_years::id.eq(year_id)).filter(fiscal_years::version.eq(version));
    if diesel::update(same).set(fiscal_years::version.eq(version + 1)).execute(tx.conn())? == 0 {
        return Err(Refusal::stale("fiscal_year", version + 1, version));
    }
    diesel::update(control_levels::table.find((year_id, input.kind.code())))
        .set(control_levels::depth.eq(input.depth))
        .execute(tx.conn())?;
    let after = of_year(tx)?;
    tx.audit(Audit::of("fiscal_year", year_id).before(&before).after(&after))?;
    Ok(after)
}

/// The levels as an XLSX file; that it was taken away is noted.
pub(super) fn export(tx: &mut WriteTx<'_>, actor: &Actor, lang: Lang) -> Outcome<Vec<u8>> {
    let columns = [
        Column::new("السنة", "Year", 10),
        Column::new("العنصر", "Part", 18),
        Column::new("مستوى الرقابة", "Level of control", 16),
    ];
    let sheet = ListSheet::new(lang, ("مستويات الرقابة", "Control levels"), columns);
    part::taken(
        tx,
        actor,
        &sheet,
        |tx| list(tx, actor.agency_id),
        |one| vec![Cell::Number(one.year), Cell::text(said(one.kind, &SEGMENTS, lang)), Cell::Number(one.depth)],
    )
}
