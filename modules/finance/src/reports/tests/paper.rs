//! Reports on paper: type that can be read, and nothing left out that says something.

use chrono::NaiveTime;
use diwan_finance_api::{Report, ReportCell, ReportCheck};
use diwan_kernel::Lang;
use diwan_print::{Block, Table};

use crate::{
    ledger::tests::books::day,
    reports::{form, paper::Paper},
};

/// A report as wide as the position: two columns of words and 18 of amounts, of which these hold any.
fn wide(filled: &[usize]) -> Report {
    let row = |code: &str| {
        let words = [form::code(code), form::words(("قرطاسية", "Stationery"))];
        let amounts = (0..18).map(|at| ReportCell::Amount(if filled.contains(&at) { 5_000 } else { 0 }));
        words.into_iter().chain(amounts).collect::<Vec<_>>()
    };
    let figures = (0..18).map(|at| form::figures(&format!("مبلغ {at}"), &format!("Amount {at}")));
    Report {
        title: form::named(("الموقف المالي", "Budget position")),
        from: day("2026-01-01"),
        to: day("2026-12-31"),
        known_at: None,
        facts: Vec::new(),
        columns: [form::column("البند", "Line"), form::column("الاسم", "Name")].into_iter().chain(figures).collect(),
        rows: vec![form::row(row("1-2"), None), form::total(row(""))],
        checks: vec![ReportCheck { label: form::named(("متوازن", "Balanced")), left: 1, right: 1 }],
        next: None,
    }
}

/// The tables of its print, and all that is printed.
fn printed(report: &Report) -> (Vec<Table>, String) {
    let paper = Paper {
        agency: form::named(("وزارة المالية", "Ministry of Finance")),
        lang: Lang::En,
        minutes: 180,
        now: day("2026-12-31").and_time(NaiveTime::MIN),
    };
    let blocks = paper.document(report).blocks;
    let all = serde_json::to_string(&blocks).unwrap();
    let table = |block: Block| if let Block::Table(table) = block { Some(table) } else { None };
    (blocks.into_iter().filter_map(table).collect(), all)
}

fn headings(table: &Table) -> Vec<&str> {
    table.header[0].cells.iter().map(|cell| cell.runs[0].text.as_str()).collect()
}

#[test]
fn a_report_that_is_too_wide_stands_in_two_tables_with_all_its_columns() {
    let report = wide(&(0..18).collect::<Vec<_>>());
    let (tables, all) = printed(&report);
    assert_eq!(tables.len(), 2);
    let mut seen = Vec::new();
    for table in &tables {
        assert!(table.size_pt.is_some_and(|size| size >= 7.0), "{:?}", table.size_pt);
        assert_eq!(headings(table)[..2], ["Line", "Name"]);
        seen.extend_from_slice(&headings(table)[2..]);
        assert_eq!(table.rows.iter().map(|row| row.strong).collect::<Vec<_>>(), [false, true], "with the total");
        assert!(table.rows.iter().all(|row| row.cells.len() == table.columns.len()));
    }
    let wanted: Vec<&str> = report.columns[2..].iter().map(|column| column.heading.en.as_str()).collect();
    assert_eq!(seen, wanted);
    assert!(all.contains("Balanced") && !all.contains("Not printed"), "{all}");
    // Nothing is known of columns without rows.
    let (empty, _) = printed(&Report { rows: Vec::new(), ..report });
    assert_eq!(empty.iter().map(|table| table.columns.len()).collect::<Vec<_>>(), [11, 11]);
}

#[test]
fn a_wide_report_is_printed_without_what_is_nothing_in_every_row_and_says_so() {
    let (tables, all) = printed(&wide(&[0, 3, 17]));
    assert_eq!(
        tables.iter().map(headings).collect::<Vec<_>>(),
        [["Line", "Name", "Amount 0", "Amount 3", "Amount 17"]]
    );
    assert_eq!(tables[0].rows[1].cells[4].runs[0].text, "5.000");
    assert!(
        all.contains("Balanced") && all.contains("zero or empty in every row: Amount 1, Amount 2, Amount 4"),
        "{all}"
    );
    // What is narrow enough shows what is nothing, too.
    let mut narrow = wide(&[0]);
    narrow.columns.truncate(6);
    narrow.rows.iter_mut().for_each(|row| row.cells.truncate(6));
    let (tables, all) = printed(&narrow);
    assert_eq!(headings(&tables[0]), ["Line", "Name", "Amount 0", "Amount 1", "Amount 2", "Amount 3"]);
    assert!(!all.contains("Not printed"), "{all}");
}
