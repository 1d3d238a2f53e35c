//! The budget keys of a year (مفاتيح الموازنة): the parts of each, its codes in the classifications, and the line that controls it
//! with what is available there.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::{Dimension, Report, ReportCell, ReportColumn, ReportQuery, ReportRow, Target};
use diwan_kernel::{Named, Page, text};
use diwan_platform::{Actor, Outcome};
use diwan_schema::finance::budget_keys;

use super::{
    figures,
    form::{self, code, column, link, report},
    frame,
    parts::Parts,
};
use crate::structure::keys::{self, PartIds, part_ids};

/// A key as the database gives it: code, parts, GFSM, COFOG, line.
type KeyRow = (String, PartIds, String, String, i64);

/// A key with the names of its parts, and its line with what is available there in minor units of the base currency.
struct Key {
    code: String,
    parts: Vec<Named>,
    gfsm: String,
    cofog: String,
    line_id: i64,
    line: String,
    available: i64,
}

/// The keys of the year of a day, by their codes.
///
/// # Errors
/// Those of the frame; the database fails.
pub(super) fn run(tx: &mut ReadTx<'_>, actor: &Actor, query: &ReportQuery, limit: i64) -> Outcome<Report> {
    let frame = frame::of(tx, actor, query)?;
    let mut rows: Vec<KeyRow> = budget_keys::table
        .filter(budget_keys::agency_id.eq(frame.agency_id))
        .filter(budget_keys::year_id.eq(frame.year_id.unwrap_or_default()))
        .select((budget_keys::code, part_ids(), budget_keys::gfsm, budget_keys::cofog, budget_keys::line_id))
        .load(tx.conn())?;
    // Each database has an order of its own for text.
    rows.sort_by(|one, other| one.0.cmp(&other.0));
    let after = query.page.after.as_deref().unwrap_or_default();
    rows.retain(|row| row.0.as_str() > after);
    let (parts, lines) = (Parts::of(tx, &frame)?, figures::of(tx, &frame)?);
    let lines: BTreeMap<i64, (String, i64)> =
        lines.into_iter().map(|line| (line.id, (line.code, line.figures.available()))).collect();
    let wanted = text::fold(query.q.as_deref().unwrap_or_default().trim());
    let most = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
    let found = rows.into_iter().map(|row| Key::of(row, &parts, &lines)).filter(|key| key.fits(&wanted));
    let page = Page::from_rows(found.take(most).collect(), limit, |key| key.code.clone(), Key::row);
    let mut made = report(&frame, ("مفاتيح الموازنة", "Budget keys"), columns());
    (made.rows, made.next) = (page.items, page.next);
    Ok(made)
}

impl Key {
    fn of((code, ids, gfsm, cofog, line_id): KeyRow, parts: &Parts, lines: &BTreeMap<i64, (String, i64)>) -> Self {
        let (line, available) = lines.get(&line_id).cloned().unwrap_or_default();
        let parts = keys::Parts::from(ids).iter().map(|id| parts.value(*id)).collect();
        Self { code, parts, gfsm, cofog, line_id, line, available }
    }

    /// Whether any of its words has what is searched for.
    fn fits(&self, wanted: &str) -> bool {
        let names = self.parts.iter().flat_map(|one| [&one.ar, &one.en]);
        let mut words = [&self.code, &self.gfsm, &self.cofog, &self.line].into_iter().chain(names);
        wanted.is_empty() || words.any(|word| text::fold(word).contains(wanted))
    }

    fn row(self) -> ReportRow {
        let to = link(Target::Line, self.line_id);
        let codes = [self.gfsm, self.cofog, self.line].map(code);
        let cells = std::iter::once(code(self.code)).chain(self.parts.into_iter().map(ReportCell::Text)).chain(codes);
        form::row(cells.chain([ReportCell::Amount(self.available)]).collect(), to)
    }
}

fn columns() -> Vec<ReportColumn> {
    let parts = Dimension::ALL.iter().filter(|by| by.is_part() || matches!(by, Dimension::Gfsm | Dimension::Cofog));
    let named = parts.map(|by| by.names()).chain([("بند الموازنة", "Budget line")]);
    let named = [Dimension::Key.names()].into_iter().chain(named).map(|(ar, en)| column(ar, en));
    named.chain([form::figures("المتاح على البند", "Available on the line")]).collect()
}
