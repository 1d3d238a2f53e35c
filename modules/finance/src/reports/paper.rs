//! A report on paper and as a sheet: the same columns and rows, with the days and the moment of knowledge named. Paper is narrow: a
//! wide report leaves out there what is nothing in every row, and says so.

use chrono::{Duration, NaiveDateTime};
use diwan_finance_api::{Report, ReportCell, ReportCheck, ReportColumn, ReportRow};
use diwan_kernel::{Lang, Named, money};
use diwan_platform::{
    Outcome,
    sheet::{Cell, Column, SheetWriter},
};
use diwan_print::{
    Align, Block, ColumnWidth, Document, Field, Footer, KeyValue, Language, Letterhead, Logo, PageSetup, Paragraph,
    Row, Run, Table, calendar,
};

/// More columns than this stand on a sheet on its side.
const UPRIGHT: usize = 6;
/// The most columns that stand beside each other in type that can be read.
const WIDE: usize = 11;

/// What a report is printed for.
pub(super) struct Paper {
    pub(super) agency: Named,
    pub(super) lang: Lang,
    /// The office's clock, in minutes east of UTC.
    pub(super) minutes: i32,
    /// When it is made, UTC.
    pub(super) now: NaiveDateTime,
}

impl Paper {
    fn say<'a>(&self, ar: &'a str, en: &'a str) -> &'a str {
        self.lang.pick((ar, en))
    }

    const fn language(&self) -> Language {
        match self.lang {
            Lang::Ar => Language::Ar,
            Lang::En => Language::En,
        }
    }

    fn local(&self, at: NaiveDateTime) -> NaiveDateTime {
        at + Duration::minutes(i64::from(self.minutes))
    }

    fn moment(&self, at: NaiveDateTime) -> String {
        self.local(at).format("%Y-%m-%d %H:%M").to_string()
    }

    /// A cell in words.
    fn text(&self, cell: &ReportCell) -> String {
        match cell {
            ReportCell::Empty => String::new(),
            ReportCell::Text(name) => name.get(self.lang).to_owned(),
            ReportCell::Code(code) => code.clone(),
            ReportCell::Amount(minor) => money::format(*minor, money::JOD_SCALE),
            ReportCell::Permille(share) => format!("{}%", tenths(*share)),
            ReportCell::Day(day) => day.to_string(),
            ReportCell::Time(at) => self.moment(*at),
        }
    }

    /// What it counts and as known when, as label and value.
    fn frame(&self, report: &Report) -> [(String, String); 3] {
        let known = report.known_at.map_or_else(
            || format!("{} ({})", self.say("كل ما سُجّل", "all that is recorded"), self.moment(self.now)),
            |at| self.moment(at),
        );
        [
            (self.say("من", "From").to_owned(), calendar::gregorian_text(report.from, self.language())),
            (self.say("كما في", "As of").to_owned(), calendar::gregorian_text(report.to, self.language())),
            (self.say("كما عُرف في", "As known at").to_owned(), known),
        ]
    }

    fn verdict(&self, check: &ReportCheck) -> String {
        let amount = |minor| money::format(minor, money::JOD_SCALE);
        let verdict = if check.difference() == 0 {
            self.say("متطابق", "holds").to_owned()
        } else {
            let by = amount(check.difference());
            format!("{} {by}", self.say("غير متطابق، الفرق", "does not hold, difference"))
        };
        format!("{}: {} | {} : {verdict}", check.label.get(self.lang), amount(check.left), amount(check.right))
    }

    /// The report as a sheet: the rows, then what is known of them.
    ///
    /// # Errors
    /// The temporary file cannot be written.
    pub(super) fn sheet(&self, report: &Report) -> Outcome<Vec<u8>> {
        let columns: Vec<Column> =
            report.columns.iter().map(|one| Column { heading: one.heading.clone(), width: width(one) }).collect();
        // Excel takes at most 31 characters, and none that a formula needs.
        let short = |text: &str| text.chars().filter(|one| !"[]:*?/\\".contains(*one)).take(30).collect::<String>();
        let name = Named { ar: short(&report.title.ar), en: short(&report.title.en) };
        let mut sheet = SheetWriter::new(self.lang, &name, &columns)?;
        for row in &report.rows {
            sheet.row(&row.cells.iter().map(|cell| self.sheet_cell(cell)).collect::<Vec<_>>())?;
        }
        sheet.row(&[])?;
        sheet.row(&[Cell::named(&report.title, self.lang), Cell::named(&self.agency, self.lang)])?;
        for (label, value) in self.frame(report) {
            sheet.row(&[Cell::text(label), Cell::text(value)])?;
        }
        for fact in &report.facts {
            sheet.row(&[Cell::named(&fact.label, self.lang), self.sheet_cell(&fact.value)])?;
        }
        for check in &report.checks {
            sheet.row(&[Cell::text(self.verdict(check))])?;
        }
        sheet.finish()
    }

    fn sheet_cell(&self, cell: &ReportCell) -> Cell {
        match cell {
            ReportCell::Amount(minor) => Cell::Amount(*minor, money::JOD_SCALE),
            ReportCell::Day(day) => Cell::Day(*day),
            ReportCell::Time(at) => Cell::Time(self.local(*at)),
            other => Cell::text(self.text(other)),
        }
    }

    /// The report as a document to be printed.
    pub(super) fn document(&self, report: &Report) -> Document {
        let title = report.title.get(self.lang).to_owned();
        let frame = self.frame(report);
        let heading =
            Paragraph { keep_with_next: true, ..Paragraph::of(vec![Run::bold(&title)]).aligned(Align::Center) };
        let mut blocks = vec![Block::Paragraph(heading)];
        if !report.facts.is_empty() {
            let pair = |label: &Named, value: &ReportCell| KeyValue {
                key: label.get(self.lang).to_owned(),
                value: vec![Run::plain(self.text(value))],
            };
            let pairs = report.facts.iter().map(|fact| pair(&fact.label, &fact.value)).collect();
            blocks.push(Block::KeyValues { pairs, columns: 2 });
        }
        blocks.extend(self.tables(report));
        blocks.extend(report.checks.iter().map(|check| Block::text(self.verdict(check))));
        Document {
            title: title.clone(),
            language: self.language(),
            page: if report.columns.len() > UPRIGHT { PageSetup::landscape() } else { PageSetup::default() },
            letterhead: Some(Letterhead {
                lines: vec!["المملكة الأردنية الهاشمية".to_owned(), self.agency.ar.clone()],
                other_lines: vec!["The Hashemite Kingdom of Jordan".to_owned(), self.agency.en.clone()],
                logo: Logo::Star,
            }),
            fields: frame.into_iter().map(|(label, value)| Field::new(label, value)).collect(),
            reference: title,
            blocks,
            footer: Footer { text: String::new(), page_numbers: true },
            created_at: self.now.and_utc().timestamp(),
            ..Document::default()
        }
    }

    /// The rows in one table, or in two that both begin with the words of a row; then what was left out.
    fn tables(&self, report: &Report) -> Vec<Block> {
        let (printed, left_out) = printed(report);
        let tables = cut(report, &printed);
        let widest = tables.iter().map(Vec::len).max().unwrap_or_default();
        // The amounts of a wide report are long ones: those of a budget.
        let size_pt = match (report.columns.len() > WIDE, widest) {
            (true, 10..) => 7.0,
            (true, _) | (false, 11..) => 8.0,
            (false, 7..=10) => 9.0,
            (false, _) => 10.0,
        };
        let mut blocks = Vec::new();
        for places in &tables {
            if !blocks.is_empty() {
                let further = Run::bold(self.say("تتمة الأعمدة", "Further columns"));
                blocks.push(Block::Paragraph(Paragraph { keep_with_next: true, ..Paragraph::of(vec![further]) }));
            }
            blocks.push(Block::Table(Table { size_pt: Some(size_pt), ..self.table(report, places) }));
        }
        if !left_out.is_empty() {
            let why =
                self.say("أعمدة لم تُطبع لأنها صفر أو خالية في كل السطور", "Not printed, zero or empty in every row");
            let names: Vec<&str> = of_places(report, &left_out).map(|one| one.heading.get(self.lang)).collect();
            blocks.push(Block::text(format!("{why}: {}", names.join(self.say("، ", ", ")))));
        }
        blocks
    }

    /// A table of the columns at these places.
    fn table(&self, report: &Report, places: &[usize]) -> Table {
        let column = |one: &ReportColumn| diwan_print::Column {
            width: ColumnWidth::Content,
            align: if one.figures { Align::Figures } else { Align::Start },
        };
        let words = report.columns.iter().position(|column| !column.figures).map_or(0, |first| first + 1);
        let row = |one: &ReportRow| {
            let cell = |at: &usize| {
                let text = one.cells.get(*at).map(|cell| self.text(cell)).unwrap_or_default();
                // Names below a heading stand in from it.
                if *at == words && one.level > 0 && !text.is_empty() { format!("\u{a0}\u{a0}{text}") } else { text }
            };
            Row { strong: one.strong, ..Row::new(places.iter().map(cell)) }
        };
        Table {
            columns: of_places(report, places).map(column).collect(),
            header: vec![Row::new(of_places(report, places).map(|one| one.heading.get(self.lang)))],
            rows: report.rows.iter().map(row).collect(),
            ..Table::default()
        }
    }
}

/// The places of the columns that are printed, and of those that are not: the figures of a wide report that are nothing in every
/// row.
fn printed(report: &Report) -> (Vec<usize>, Vec<usize>) {
    let all_of_them = report.columns.len() <= WIDE || report.rows.is_empty();
    let nothing =
        |cell: &ReportCell| matches!(cell, ReportCell::Empty | ReportCell::Amount(0) | ReportCell::Permille(0));
    let says = |at: usize| report.rows.iter().any(|row| row.cells.get(at).is_some_and(|cell| !nothing(cell)));
    let words = |at: usize| report.columns.get(at).is_some_and(|column| !column.figures);
    (0..report.columns.len()).partition(|&at| all_of_them || words(at) || says(at))
}

/// The columns at these places, table by table: more than fit beside each other are cut in two, each with the words that lead.
fn cut(report: &Report, places: &[usize]) -> Vec<Vec<usize>> {
    let words = of_places(report, places).take_while(|column| !column.figures).count();
    let (lead, rest) = places.split_at(words);
    if places.len() <= WIDE || rest.is_empty() {
        return vec![places.to_vec()];
    }
    rest.chunks(rest.len().div_ceil(2)).map(|part| [lead, part].concat()).collect()
}

fn of_places<'r>(report: &'r Report, places: &'r [usize]) -> impl Iterator<Item = &'r ReportColumn> {
    places.iter().filter_map(move |at| report.columns.get(*at))
}

/// How wide a column of a sheet is, in characters.
const fn width(column: &ReportColumn) -> u16 {
    if column.figures { 18 } else { 22 }
}

/// Thousandths as hundredths with one decimal: 125 is 12.5.
fn tenths(share: i64) -> String {
    let sign = if share < 0 { "-" } else { "" };
    format!("{sign}{}.{}", share.unsigned_abs() / 10, share.unsigned_abs() % 10)
}
