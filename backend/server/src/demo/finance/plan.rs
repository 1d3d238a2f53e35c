//! When what happens in the year: every step with its time, in the order of time.

use std::collections::VecDeque;

use chrono::{Datelike, Days, Duration, NaiveDate, NaiveDateTime};
use diwan_finance_api::{DocumentInput, DocumentKind, LineInput, PayMethod, SliceInput};
use diwan_kernel::days::Calendar;
use diwan_print::{Language, calendar::gregorian_month};

use super::{
    Step,
    budget::acts,
    paper::{Fate, Line, PaidBy, Paper, When},
    papers::PAPERS,
    setup::{BANK, TRUST},
};

/// A paper as it is written, but for the ids of what it names.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) party: &'static str,
    pub(super) source: &'static str,
    /// Whether it is sent for approval.
    pub(super) sent: bool,
    pub(super) input: DocumentInput,
}

/// The lines of the salaries of a month.
const SALARIES: [Line; 5] = [
    ("2111", "4401-4401001/2111", "118400", "", "رواتب الموظفين المصنفين"),
    ("2113", "4401-4401001/2113", "31250", "", "العلاوات والبدلات"),
    ("2121", "4401-4401001/2121", "17100", "", "مساهمة الحكومة في الضمان"),
    ("630811", "", "", "4180", "ضريبة دخل مقتطعة"),
    ("630813", "", "", "28300", "اقتطاعات الضمان ومساهمة الحكومة"),
];

/// From this day of the year on something is under way.
const UNDER_WAY: (u32, u32) = (3, 1);

/// The plan of a year.
pub(super) struct Plan {
    year: i32,
    since: NaiveDateTime,
    until: NaiveDateTime,
    calendar: Calendar,
    steps: Vec<(NaiveDateTime, Step)>,
}

impl Plan {
    /// The plan of the year of `until`; nothing of it comes before `since`.
    pub(super) fn new(since: NaiveDateTime, until: NaiveDateTime) -> Self {
        Self { year: until.year(), since, until, calendar: Calendar::default(), steps: Vec::new() }
    }

    /// Every step up to the present.
    pub(super) fn steps(mut self) -> VecDeque<(NaiveDateTime, Step)> {
        let opening = NaiveDate::from_ymd_opt(self.year - 1, 12, 20).map(|day| at(day, 300));
        let opening = opening.unwrap_or(self.since).max(self.since + Duration::hours(1));
        self.steps.push((opening, Step::Open));
        self.budget();
        for paper in PAPERS {
            self.paper(paper);
        }
        for month in 1..=12 {
            self.month(month);
        }
        let until = self.until;
        self.steps.retain(|(time, _)| *time <= until);
        // Steps of one moment stay in the order they were planned in.
        self.steps.sort_by_key(|(time, _)| *time);
        self.steps.into()
    }

    /// A day of the year, or the next one on which offices work.
    fn day(&self, month: u32, day: u32) -> NaiveDate {
        let day = NaiveDate::from_ymd_opt(self.year, month, day).unwrap_or_default();
        self.working(day)
    }

    fn working(&self, day: NaiveDate) -> NaiveDate {
        if self.calendar.is_working(day) { day } else { self.calendar.add_working_days(day, 1) }
    }

    fn push(&mut self, day: NaiveDate, minute: i64, step: Step) {
        self.steps.push((at(day, minute), step));
    }

    /// A paper that goes all its way in a day.
    fn posted(&mut self, draft: Draft) {
        let (day, name) = (draft.input.effective_on, draft.name.clone());
        self.push(day, 300, Step::Write(Box::new(draft)));
        self.push(day, 380, Step::Certify(name.clone()));
        self.push(day, 450, Step::Authorise(name));
    }

    fn budget(&mut self) {
        for act in acts(self.year) {
            let day = self.day(act.on.0, act.on.1);
            let lines = act.lines.iter().map(|(of, dinars)| LineInput {
                key: key(of),
                debit: dinars.to_string(),
                ..LineInput::default()
            });
            let input =
                DocumentInput { reference: act.reference, ..input((act.kind, day), act.subject, lines.collect()) };
            self.posted(Draft { name: act.subject.to_owned(), party: "", source: "", sent: true, input });
        }
    }

    fn paper(&mut self, paper: &'static Paper) {
        let day = match paper.when {
            When::On(month, day) => self.day(month, day),
            When::Ago(days) => {
                let present = self.until.date();
                let day = present.checked_sub_days(Days::new(days)).unwrap_or(present);
                if (present.month(), present.day()) < UNDER_WAY {
                    return;
                }
                day
            }
        };
        let draft = self.draft(paper, day);
        let name = draft.name.clone();
        match paper.fate {
            Fate::Draft | Fate::Submitted => self.push(day, 300, Step::Write(Box::new(draft))),
            Fate::Certified => {
                self.push(day, 300, Step::Write(Box::new(draft)));
                self.push(day, 380, Step::Certify(name));
            }
            Fate::Returned(words) => {
                self.push(day, 300, Step::Write(Box::new(draft)));
                self.push(day, 395, Step::Return(name, words));
            }
            Fate::Void(words) => {
                self.push(day, 300, Step::Write(Box::new(draft)));
                self.push(day, 420, Step::Void(name, words));
            }
            Fate::Posted => {
                self.posted(draft);
                self.cheque(paper, (day, name));
            }
            Fate::Reversed(words) => {
                self.posted(draft);
                let (later, own) = (self.working(day + Duration::days(4)), format!("عكس {name}"));
                self.push(later, 300, Step::Reverse(name, own.clone(), words));
                self.push(later, 380, Step::Certify(own.clone()));
                self.push(later, 450, Step::Authorise(own));
            }
            Fate::Closed(month, words) => {
                self.posted(draft);
                let later = self.day(month, 21);
                self.push(later, 330, Step::CloseCommitment(name, words));
            }
        }
    }

    /// A cheque is written the day after, and presented within the week.
    fn cheque(&mut self, paper: &Paper, (day, name): (NaiveDate, String)) {
        if paper.paid_by == PaidBy::Transfer {
            return;
        }
        let written = self.working(day + Duration::days(1));
        self.push(written, 420, Step::Cheque(name.clone()));
        if paper.paid_by == PaidBy::Cheque {
            let presented = self.working(written + Duration::days(4));
            self.push(presented, 420, Step::Clear(name));
        }
    }

    fn draft(&self, paper: &Paper, day: NaiveDate) -> Draft {
        let slice = || SliceInput { year: self.year + 1, amount: paper.next_year.to_owned() };
        let made = input((paper.kind, day), paper.subject, lines(paper.lines, paper.centre));
        let input = DocumentInput {
            method: if paper.paid_by == PaidBy::Transfer { made.method } else { PayMethod::Cheque },
            reference: paper.reference.to_owned(),
            reference_on: paper.kind.shape().invoice.then_some(day),
            due_on: paper.due.map(|(month, day)| self.day(month, day)),
            slices: if paper.next_year.is_empty() { Vec::new() } else { vec![slice()] },
            ..made
        };
        let sent = !matches!(paper.fate, Fate::Draft | Fate::Void(_));
        Draft { name: paper.name.to_owned(), party: paper.party, source: paper.source, sent, input }
    }

    /// What every month brings: salaries, what was withheld of those before, payments, the statement, the close.
    fn month(&mut self, month: u32) {
        let name = |month| gregorian_month(month, Language::Ar);
        let day = self.day(month, 22);
        let subject = format!("رواتب شهر {}", name(month));
        let salaries = input((DocumentKind::PaymentVoucher, day), &subject, lines(&SALARIES, "C-20"));
        let salaries = DocumentInput { reference: format!("كشف الرواتب {month}"), ..salaries };
        let named = |what: &str| format!("{what} {month}");
        self.posted(Draft { name: named("رواتب"), party: "P-201", source: "", sent: true, input: salaries });
        if month > 1 {
            let withheld = lines(&[("630813", "", "28300", "", "")], "");
            let day = self.day(month, 10);
            let subject = format!("توريد اقتطاعات الضمان الاجتماعي – {}", name(month - 1));
            let paid = input((DocumentKind::PaymentVoucher, day), &subject, withheld);
            let paid = DocumentInput { reference: format!("كشف الضمان {}", month - 1), ..paid };
            self.posted(Draft { name: named("ضمان"), party: "G-302", source: "", sent: true, input: paid });
        }
        self.routine(month);
    }

    /// Payments near the end of the month; statement, matching and close in the next one.
    fn routine(&mut self, month: u32) {
        let day = self.day(month, 25);
        let next = if month < 12 { at(self.day(month + 1, 25), 510) } else { NaiveDateTime::MAX };
        self.push(day, 510, Step::Pay { last: next > self.until });
        if month == 12 {
            return;
        }
        let last = month == 11 || at(self.day(month + 2, 3), 310) > self.until;
        let (came, matched, closed) = (self.day(month + 1, 3), self.day(month + 1, 6), self.day(month + 1, 10));
        self.push(came, 310, Step::Statement { month, last });
        self.push(matched, 340, Step::Match { last });
        if month.is_multiple_of(3) && !last {
            self.push(matched, 400, Step::Reconcile);
        }
        self.push(closed, 500, Step::Close(month));
    }
}

/// So many minutes into a day: offices open at eight, which is five o'clock UTC.
fn at(day: NaiveDate, minute: i64) -> NaiveDateTime {
    day.and_time(chrono::NaiveTime::MIN) + Duration::minutes(minute)
}

/// The code of a key of the budget, of its programme, activity and item.
fn key(of: &str) -> String {
    let (activity, item) = of.split_once('/').unwrap_or((of, ""));
    format!("1501-{activity}-1-00-{item}")
}

/// The lines of a paper; the cost centre is of what is spent.
fn lines(lines: &[Line], centre: &str) -> Vec<LineInput> {
    let line = |(account, of, debit, credit, note): &Line| LineInput {
        account: (*account).to_owned(),
        key: if of.is_empty() { String::new() } else { key(of) },
        centre: if account.starts_with('2') || account.starts_with("61") { centre.to_owned() } else { String::new() },
        debit: (*debit).to_owned(),
        credit: (*credit).to_owned(),
        note: (*note).to_owned(),
        ..LineInput::default()
    };
    lines.iter().map(line).collect()
}

fn input((kind, day): (DocumentKind, NaiveDate), subject: &str, lines: Vec<LineInput>) -> DocumentInput {
    // What is received and what the bank charges is booked on the ministry's own account, deposits on theirs.
    let counter = match kind {
        DocumentKind::Receipt | DocumentKind::BankNotice => BANK,
        DocumentKind::Deposit => TRUST,
        _ => "",
    };
    DocumentInput { subject: subject.to_owned(), counter: counter.to_owned(), lines, ..DocumentInput::new(kind, day) }
}
