//! Closing on paper and as a sheet: what stands in the cockpit of a period, and what a reopening touched.

use chrono::NaiveDate;
use diwan_db::ReadTx;
use diwan_finance_api::{
    ClosingCheck, ClosingFinding, ClosingSeverity, Cockpit, FindingItem, PeriodState, Report, ReportCell, ReportCheck,
    ReportFact, ReportLink, ReportQuery, ReportRow, SignOffStanding, SignOffVoid, Target, TouchedEntry,
};
use diwan_kernel::{Lang, Named};
use diwan_platform::{Actor, Outcome};
use diwan_platform_api::records::{RecordKind, Ref};

use super::{
    form::{self, code, column, document, fact, link, named, report, row, total, words},
    frame::Frame,
};
use crate::{
    closing::{SealedRoot, cockpit as screen, period, reopenings},
    documents, payments,
};

/// A name in Arabic and English.
type Names = (&'static str, &'static str);

/// What stands in the cockpit of a period.
///
/// # Errors
/// Not found; the database fails; a sum does not fit.
pub(super) fn cockpit(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<Report> {
    let of = screen::view(tx, actor, id)?;
    let columns = vec![
        column("البند", "Item"),
        column("الحالة", "Standing"),
        column("العدد", "Count"),
        form::figures("المبلغ", "Amount"),
        column("لدى", "With"),
        column("التاريخ", "Date"),
    ];
    let frame = days(actor, of.period.starts_on, of.period.ends_on);
    let mut made = report(&frame, ("لوحة الإقفال", "Closing cockpit"), columns);
    made.facts = facts(&of);
    made.rows = of.findings.iter().flat_map(finding).chain(sign_offs(&of.sign_offs)).collect();
    let label = named(("مجموع المدين ومجموع الدائن في الفترة", "Debits and credits of the period"));
    made.checks = vec![ReportCheck { label, left: of.figures.debit, right: of.figures.credit }];
    Ok(made)
}

/// A page of what a reopening touched.
///
/// # Errors
/// Not found; the database fails.
pub(super) fn touched(tx: &mut ReadTx<'_>, actor: &Actor, id: i64, query: &ReportQuery, limit: i64) -> Outcome<Report> {
    let (of, one) = reopenings::one(tx, actor, id)?;
    let columns = vec![
        column("المستند", "Document"),
        column("رقم المستند", "Number"),
        column("البيان", "Subject"),
        column("التاريخ", "Date"),
        column("رقم القيد", "Entry"),
        form::figures("المبلغ", "Amount"),
        column("رحّله", "Posted by"),
        column("رُحّل في", "Posted at"),
    ];
    let title = ("ما مسّته إعادة فتح الفترة", "What the reopening touched");
    let mut made = report(&days(actor, of.starts_on, of.ends_on), title, columns);
    made.facts = vec![
        fact("الفترة", "Period", ReportCell::Text(period::called(of.number, &of.year.to_string()))),
        fact("فتحها", "Opened by", ReportCell::Text(one.by.name)),
        fact("فُتحت في", "Opened at", ReportCell::Time(one.opened_at)),
        fact("مفتوحة حتى", "Open until", ReportCell::Time(one.until)),
        fact("انتهت في", "Ended at", one.ended_at.map_or(ReportCell::Empty, ReportCell::Time)),
        fact("السبب", "Reason", told(&one.reason)),
        fact("عدد ما مسّته", "Touched in all", code(one.touched.to_string())),
        fact("المجموع", "Total", ReportCell::Amount(one.amount)),
    ];
    let page = reopenings::part(tx, actor, id, (query.page.after.as_deref(), limit))?;
    (made.rows, made.next) = (page.items.into_iter().map(entry).collect(), page.next);
    Ok(made)
}

fn days(actor: &Actor, from: NaiveDate, to: NaiveDate) -> Frame {
    Frame { agency_id: actor.agency_id, year_id: None, since: from, from, to, known_at: None }
}

/// A text as somebody wrote it, in one language.
fn told(text: &str) -> ReportCell {
    ReportCell::Text(Named { ar: text.to_owned(), en: String::new() })
}

/// An amount; nothing where there is none.
fn amount(minor: i64) -> ReportCell {
    if minor == 0 { ReportCell::Empty } else { ReportCell::Amount(minor) }
}

fn facts(of: &Cockpit) -> Vec<ReportFact> {
    let (shown, figures) = (&of.period, &of.figures);
    let name = period::called(shown.number, &of.year.to_string());
    let mut facts = vec![
        fact("الفترة", "Period", ReportCell::Text(name)),
        fact("حالة الفترة", "State", words(state_words(shown.state))),
    ];
    if matches!(shown.state, PeriodState::Open | PeriodState::SoftClosed) {
        let clear = if of.clear {
            ("لا شيء يمنعه", "Nothing stands against it")
        } else {
            ("ما زال هناك ما يمنعه", "Something still stands against it")
        };
        facts.push(fact("الإقفال", "Closing", words(clear)));
    }
    if let Some(until) = shown.reopened_until {
        facts.push(fact("مفتوحة حتى", "Open until", ReportCell::Time(until)));
    }
    let balanced =
        if figures.balanced { ("متوازنة", "Balanced") } else { ("غير متوازنة", "Not balanced") };
    facts.extend([
        fact("القيود", "Entries", code(figures.entries.to_string())),
        fact("سطور القيود", "Lines of entries", code(figures.lines.to_string())),
        fact("الإيرادات", "Revenue", ReportCell::Amount(figures.revenue)),
        fact("النفقات", "Expense", ReportCell::Amount(figures.expense)),
        fact("الدفاتر حتى آخر الفترة", "The books to the last day", words(balanced)),
        fact("إعادات الفتح", "Reopenings", code(of.reopenings.to_string())),
    ]);
    if let (Some(root), Some(sealed_at)) = (shown.root.clone(), shown.sealed_at) {
        let seal = SealedRoot { root, sealed_at };
        facts.push(fact("بصمة الفترة المختومة", "Root of the sealed period", code(seal.grouped())));
    }
    facts
}

/// What a check found, and the first of it below.
fn finding(one: &ClosingFinding) -> Vec<ReportRow> {
    let standing = match (&one.accepted, one.severity) {
        _ if one.count == 0 => words(("لا شيء", "Nothing")),
        (Some(accepted), _) => ReportCell::Text(Named {
            ar: format!("قُبل كما هو: {}", accepted.reason),
            en: format!("Accepted as it is: {}", accepted.reason),
        }),
        (None, ClosingSeverity::Block) => words(("يمنع الإقفال", "Stops the close")),
        (None, ClosingSeverity::Warn) => words(("تنبيه", "Warning")),
    };
    let (by, at) = match &one.accepted {
        Some(accepted) => (ReportCell::Text(accepted.by.name.clone()), ReportCell::Time(accepted.at)),
        None => (ReportCell::Empty, ReportCell::Empty),
    };
    let count = code(one.count.to_string());
    let head = total(vec![words(check_words(one.check)), standing, count, amount(one.amount), by, at]);
    let left = i64::try_from(one.items.len()).map_or(0, |shown| one.count - shown);
    let more = (left > 0).then(|| {
        let others = Named { ar: format!("وغيرها: {left}"), en: format!("and others: {left}") };
        below(ReportCell::Text(others), [const { ReportCell::Empty }; 5], None)
    });
    std::iter::once(head).chain(one.items.iter().map(|item| found(item, one.check))).chain(more).collect()
}

/// A row below another one.
fn below(name: ReportCell, rest: [ReportCell; 5], to: Option<ReportLink>) -> ReportRow {
    ReportRow { level: 1, ..row(std::iter::once(name).chain(rest).collect(), to) }
}

fn found(item: &FindingItem, check: ClosingCheck) -> ReportRow {
    let kind = item.kind.parse().map_or(("", ""), RecordKind::names);
    let number = item.number.as_deref().unwrap_or_default();
    let name = |lang: Lang| {
        let parts = [lang.pick(kind), number, item.name.get(lang)];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let what = ReportCell::Text(Named { ar: name(Lang::Ar), en: name(Lang::En) });
    let (state, to) = match check {
        ClosingCheck::EarlierPeriods => (item.state.parse().ok().map(state_words), None),
        ClosingCheck::PaymentRuns => {
            let said = |state| (payments::run_state(state, Lang::Ar), payments::run_state(state, Lang::En));
            (item.state.parse().ok().map(said), document(&item.kind, item.id))
        }
        ClosingCheck::Documents | ClosingCheck::Advances => {
            (item.state.parse().ok().map(documents::state_words), document(&item.kind, item.id))
        }
        ClosingCheck::Clearing => (None, link(Target::Account, item.id)),
        ClosingCheck::Bank | ClosingCheck::BankChanged => (None, None),
    };
    let state = state.map_or(ReportCell::Empty, words);
    let day = item.day.map_or(ReportCell::Empty, ReportCell::Day);
    below(what, [state, ReportCell::Empty, amount(item.amount), people(&item.owners), day], to)
}

/// The names of persons after one another.
fn people(all: &[Ref]) -> ReportCell {
    if all.is_empty() {
        return ReportCell::Empty;
    }
    let names = |lang: Lang| all.iter().map(|one| one.name.get(lang)).collect::<Vec<_>>();
    ReportCell::Text(Named { ar: names(Lang::Ar).join("، "), en: names(Lang::En).join(", ") })
}

fn sign_offs(all: &[SignOffStanding]) -> Vec<ReportRow> {
    if all.is_empty() {
        return Vec::new();
    }
    let rest = [const { ReportCell::Empty }; 5];
    let head = total(std::iter::once(words(("الإقرارات", "Sign-offs"))).chain(rest).collect());
    std::iter::once(head).chain(all.iter().map(sign_off)).collect()
}

fn sign_off(one: &SignOffStanding) -> ReportRow {
    let empty = || ReportCell::Empty;
    let name = ReportCell::Text(one.name.clone());
    let Some(last) = &one.last else {
        return below(name, [words(("لم يُعطَ بعد", "Not given yet")), empty(), empty(), empty(), empty()], None);
    };
    let standing = match last.void {
        None => ("قائم", "Stands"),
        Some(SignOffVoid::Posted) => ("سقط لأن قيودًا رُحّلت بعده", "Counts no more, something was posted after it"),
        Some(SignOffVoid::Reopened) => ("سقط لأن الفترة أُعيد فتحها", "Counts no more, the period was reopened"),
    };
    let by = ReportCell::Text(last.by.name.clone());
    below(name, [words(standing), empty(), empty(), by, ReportCell::Time(last.at)], None)
}

fn entry(one: TouchedEntry) -> ReportRow {
    let cells = vec![
        form::kind(&one.kind),
        code(one.number.unwrap_or_default()),
        told(&one.subject),
        ReportCell::Day(one.day),
        code(one.entry_id.map(|id| id.to_string()).unwrap_or_default()),
        ReportCell::Amount(one.amount),
        ReportCell::Text(one.by.name),
        ReportCell::Time(one.at),
    ];
    row(cells, document(&one.kind, one.record_id))
}

const fn state_words(state: PeriodState) -> Names {
    match state {
        PeriodState::Open => ("مفتوحة", "Open"),
        PeriodState::SoftClosed => ("مغلقة مبدئيًا", "Softly closed"),
        PeriodState::Closed => ("مقفلة", "Closed"),
        PeriodState::Sealed => ("مختومة", "Sealed"),
    }
}

const fn check_words(check: ClosingCheck) -> Names {
    match check {
        ClosingCheck::EarlierPeriods => ("فترات سابقة غير مقفلة", "Earlier periods not closed"),
        ClosingCheck::Documents => ("مستندات لم تُرحَّل", "Documents not posted"),
        ClosingCheck::Bank => ("حسابات بنكية غير مسوّاة حتى آخر الفترة", "Bank accounts not reconciled to the last day"),
        ClosingCheck::BankChanged => {
            ("حسابات بنكية تغيّرت دفاترها بعد تسويتها", "Bank accounts whose books changed after reconciliation")
        }
        ClosingCheck::PaymentRuns => ("دفعات صرف لم تُنفَّذ", "Payment runs not executed"),
        ClosingCheck::Advances => ("سلف فات موعد تسديدها", "Advances past their day"),
        ClosingCheck::Clearing => ("حسابات وسيطة لم تُصفَّر", "Clearing accounts not at zero"),
    }
}
