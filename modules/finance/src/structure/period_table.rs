//! Periods as a table: which kinds of documents each takes no more is taken along and brought back. They come with their year, and
//! no table closes or opens one: those are steps with conditions of their own.

use std::collections::BTreeMap;

use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{DocumentKind, FiscalPeriod, FiscalPeriodRow, PartPick, PartQuery, PartRow, PeriodState};
use diwan_kernel::{FieldError, Lang, Page, Permission};
use diwan_platform::{
    Actor, Fields, Outcome, Refusal,
    people::words::{Word, meant, said},
    sheet::Cell,
};

use super::{kinds, years};
use crate::{
    closing::period::called,
    parts::{
        cells::{Cells, Known, may, must},
        part::{About, Part, Words, page_of, writer},
        words::DOCUMENTS,
    },
};

static STATES: [Word<PeriodState>; 4] = [
    (PeriodState::Open, ["open", "مفتوحة", "Open"]),
    (PeriodState::SoftClosed, ["soft_closed", "مغلقة مبدئيًا", "Softly closed"]),
    (PeriodState::Closed, ["closed", "مقفلة", "Closed"]),
    (PeriodState::Sealed, ["sealed", "مختومة", "Sealed"]),
];

fn row(year: i32, of: FiscalPeriod) -> PartRow<FiscalPeriodRow> {
    let name = called(of.number, &year.to_string());
    let pick = PartPick { id: of.id, code: of.number.to_string(), name, available: None };
    let mut closed = of.closed_kinds;
    closed.sort_unstable();
    let value = FiscalPeriodRow {
        year,
        period: of.number,
        starts_on: Some(of.starts_on),
        ends_on: Some(of.ends_on),
        state: Some(of.state),
        closed: Some(closed),
    };
    PartRow { id: of.id, value, names: BTreeMap::from([("period".to_owned(), pick)]), version: of.version }
}

/// The periods of every year of the agency.
fn rows(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Vec<PartRow<FiscalPeriodRow>>> {
    let years = years::list(tx, agency_id)?;
    Ok(years.into_iter().flat_map(|year| year.periods.into_iter().map(move |period| row(year.year, period))).collect())
}

/// Kinds as they stand in a cell, with commas between them.
fn kinds_in(typed: &str) -> Result<Vec<DocumentKind>, FieldError> {
    let words = typed.split([',', '،', ';', '؛']).filter(|word| !word.trim().is_empty());
    let mut kinds = words.map(|word| meant("closed", word, &DOCUMENTS)).collect::<Result<Vec<_>, _>>()?;
    kinds.sort_unstable();
    kinds.dedup();
    Ok(kinds)
}

impl Part for FiscalPeriodRow {
    const ABOUT: About = About {
        entity: "fiscal_period",
        // Neither added nor changed one by one as a row of this list.
        ops: ["finance.period.kinds", "finance.period.kinds", "finance.period.export", "finance.period.import"],
        sheet: ("الفترات المالية", "Fiscal periods"),
        file: "fiscal-periods.xlsx",
    };
    const COLUMNS: &'static [Known] = &[
        must("year", "السنة", "Year", 10),
        must("period", "الفترة", "Period", 10),
        may("starts_on", "أول يوم", "First day", 14),
        may("ends_on", "آخر يوم", "Last day", 14),
        may("state", "الحالة", "State", 14),
        may("closed", "مستندات لا تقبلها", "Documents it takes no more", 60),
    ];

    fn list(tx: &mut ReadTx<'_>, agency_id: i64, query: &PartQuery, limit: i64) -> Outcome<Page<PartRow<Self>>> {
        Ok(page_of(rows(tx, agency_id)?, query, limit, |PartRow { value, names, .. }| Words {
            code: format!("{} {:02}", value.year, value.period),
            name: names.get("period").map(|one| format!("{} {}", one.name.ar, one.name.en)).unwrap_or_default(),
            more: String::new(),
        }))
    }

    fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PartRow<Self>> {
        rows(tx, agency_id)?.into_iter().find(|row| row.id == id).ok_or(Refusal::NotFound("fiscal_period"))
    }

    /// The kinds over what the period is besides; whoever closes periods sets them.
    fn checked(&self, tx: &mut ReadTx<'_>, actor: &Actor, before: Option<&PartRow<Self>>) -> Outcome<Self> {
        let Some(PartRow { value: before, .. }) = before else {
            let year = years::find(tx, actor.agency_id, self.year)?;
            return Err(Refusal::field(if year.is_some() { "period" } else { "year" }, "unknown"));
        };
        let mut fields = Fields::default();
        let days = [("starts_on", self.starts_on, before.starts_on), ("ends_on", self.ends_on, before.ends_on)];
        for (field, told, day) in days {
            if let Some(day) = day.filter(|day| told.is_some_and(|told| told != *day)) {
                fields.push(FieldError::new(field, "calendar_year").with("day", day));
            }
        }
        if self.state.is_some() && self.state != before.state {
            fields.push(FieldError::new("state", "period_by_steps"));
        }
        fields.done()?;
        let closed = self.closed.clone().or_else(|| before.closed.clone());
        if closed != before.closed {
            actor.require(Permission::FinanceClose)?;
        }
        Ok(Self { closed, ..before.clone() })
    }

    fn insert(&self, _tx: &mut WriteTx<'_>, _agency_id: i64) -> Outcome<i64> {
        Err(Refusal::NotFound("fiscal_year"))
    }

    fn update(&self, tx: &mut WriteTx<'_>, id: i64, version: i64) -> Outcome<usize> {
        let writer = writer(tx)?;
        kinds::put(tx, writer, (id, version), self.closed.as_deref().unwrap_or_default())?;
        Ok(1)
    }

    fn cells(row: &PartRow<Self>, lang: Lang) -> Vec<Cell> {
        let one = &row.value;
        let closed = one.closed.iter().flatten().map(|kind| said(*kind, &DOCUMENTS, lang));
        vec![
            Cell::Number(one.year),
            Cell::Number(one.period),
            one.starts_on.map_or(Cell::Empty, Cell::Day),
            one.ends_on.map_or(Cell::Empty, Cell::Day),
            Cell::text(one.state.map_or("", |state| said(state, &STATES, lang))),
            Cell::text(closed.collect::<Vec<_>>().join(lang.pick(("، ", ", ")))),
        ]
    }

    fn read(_tx: &mut ReadTx<'_>, _agency_id: i64, cells: &Cells<'_>) -> Outcome<Self> {
        let mut fields = Fields::default();
        // A table without the column says nothing of the kinds; an empty cell says that none is closed.
        let told = cells.heads.iter().any(|known| known.code == "closed");
        let input = Self {
            year: fields.take(cells.number("year")).unwrap_or_default(),
            period: fields.take(cells.number("period")).unwrap_or_default(),
            starts_on: fields.take(cells.day("starts_on")),
            ends_on: fields.take(cells.day("ends_on")),
            state: fields.take(cells.word("state", &STATES)),
            closed: told.then(|| fields.take(kinds_in(cells.get("closed")))),
        };
        fields.done()?;
        Ok(input)
    }

    fn find(&self, tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Option<i64>> {
        let same = |row: &PartRow<Self>| (row.value.year, row.value.period) == (self.year, self.period);
        Ok(rows(tx, agency_id)?.iter().find(|row| same(row)).map(|row| row.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_its_words_and_kinds_are_told_apart_by_commas() {
        assert!(PeriodState::ALL.iter().zip(&STATES).all(|(a, (b, [code, ..]))| a == b && a.code() == *code));
        assert_eq!(PeriodState::ALL.len(), STATES.len());
        for lang in Lang::ALL {
            let words: Vec<&str> = DocumentKind::ALL.iter().map(|kind| said(*kind, &DOCUMENTS, *lang)).collect();
            let mut all = DocumentKind::ALL.to_vec();
            all.sort_unstable();
            assert_eq!(kinds_in(&words.join("، ")), Ok(all));
        }
        assert_eq!(kinds_in(" ؛ "), Ok(Vec::new()));
        assert_eq!(kinds_in("receipt, ?").unwrap_err().code, "unknown_word");
    }
}
