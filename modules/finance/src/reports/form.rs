//! Small makers of the parts of a report, and the names of what stands in its cells.

use diwan_finance_api::{
    Bucket, MoveKind, Report, ReportCell, ReportColumn, ReportFact, ReportLink, ReportRow, Target,
};
use diwan_kernel::Named;
use diwan_platform_api::records::RecordKind;

use super::frame::Frame;

/// A text in both languages.
pub(super) fn named((ar, en): (&str, &str)) -> Named {
    Named { ar: ar.to_owned(), en: en.to_owned() }
}

/// A cell with words.
pub(super) fn words(text: (&str, &str)) -> ReportCell {
    ReportCell::Text(named(text))
}

/// The cell of a value that is none.
pub(super) fn none() -> ReportCell {
    words(("بلا", "None"))
}

/// A cell with a code, empty for none.
pub(super) fn code(text: impl Into<String>) -> ReportCell {
    let text = text.into();
    if text.is_empty() { ReportCell::Empty } else { ReportCell::Code(text) }
}

/// A column of words or codes.
pub(super) fn column(ar: &str, en: &str) -> ReportColumn {
    ReportColumn { heading: named((ar, en)), figures: false }
}

/// A column of amounts.
pub(super) fn figures(ar: &str, en: &str) -> ReportColumn {
    ReportColumn { heading: named((ar, en)), figures: true }
}

/// A row at the edge.
pub(super) fn row(cells: Vec<ReportCell>, link: Option<ReportLink>) -> ReportRow {
    ReportRow { level: 0, strong: false, cells, link }
}

/// A total.
pub(super) fn total(cells: Vec<ReportCell>) -> ReportRow {
    ReportRow { level: 0, strong: true, cells, link: None }
}

/// A fact without a link.
pub(super) fn fact(ar: &str, en: &str, value: ReportCell) -> ReportFact {
    ReportFact { label: named((ar, en)), value, link: None }
}

/// A link to what an id names.
pub(super) fn link(target: Target, id: i64) -> Option<ReportLink> {
    Some(ReportLink { target, id, code: String::new() })
}

/// A link to a document.
pub(super) fn document(kind: &str, id: i64) -> Option<ReportLink> {
    Some(ReportLink { target: Target::Record, id, code: kind.to_owned() })
}

/// A report of a frame, without rows yet.
pub(super) fn report(frame: &Frame, title: (&str, &str), columns: Vec<ReportColumn>) -> Report {
    Report {
        title: named(title),
        from: frame.from,
        to: frame.to,
        known_at: frame.known_at,
        facts: Vec::new(),
        columns,
        rows: Vec::new(),
        checks: Vec::new(),
        next: None,
    }
}

/// Thousandths of a whole; nothing of nothing.
pub(super) fn permille(part: i64, whole: i64) -> ReportCell {
    if whole == 0 {
        return ReportCell::Empty;
    }
    let share = i128::from(part) * 1_000 / i128::from(whole);
    i64::try_from(share).map_or(ReportCell::Empty, ReportCell::Permille)
}

/// The name of a kind of document; its code where it has none.
pub(super) fn kind(code: &str) -> ReportCell {
    code.parse::<RecordKind>().map_or_else(|_| ReportCell::Code(code.to_owned()), |kind| words(kind.names()))
}

/// The name of a bucket.
pub(super) const fn bucket(bucket: Bucket) -> (&'static str, &'static str) {
    match bucket {
        Bucket::Outside => ("خارج البند", "Outside"),
        Bucket::Unallotted => ("غير مخصص بأمر مالي", "Unallotted"),
        Bucket::Frozen => ("مجمّد", "Frozen"),
        Bucket::Available => ("متاح", "Available"),
        Bucket::PreCommitted => ("محجوز", "Pre-committed"),
        Bucket::Committed => ("ملتزم به", "Committed"),
        Bucket::Obligated => ("مستحق", "Obligated"),
        Bucket::Paid => ("مدفوع", "Paid"),
    }
}

/// The name of a kind of move.
pub(super) const fn move_kind(kind: MoveKind) -> (&'static str, &'static str) {
    match kind {
        MoveKind::Begin => ("فتح البند", "Begin"),
        MoveKind::Law => ("قانون الموازنة", "Budget law"),
        MoveKind::Supplementary => ("ملحق موازنة", "Supplementary budget"),
        MoveKind::Virement => ("مناقلة", "Virement"),
        MoveKind::FinancialOrder => ("أمر مالي", "Financial order"),
        MoveKind::Freeze => ("تجميد", "Freeze"),
        MoveKind::Unfreeze => ("رفع التجميد", "Unfreeze"),
        MoveKind::Reserve => ("حجز", "Reservation"),
        MoveKind::Commit => ("التزام", "Commitment"),
        MoveKind::Liquidate => ("استحقاق", "Obligation"),
        MoveKind::Pay => ("صرف", "Payment"),
        MoveKind::Release => ("إلغاء حجز أو التزام", "Release"),
        MoveKind::Reverse => ("عكس", "Reversal"),
        MoveKind::ReturnedTransfer => ("حوالة مرتجعة", "Returned transfer"),
        MoveKind::CarryIn => ("تدوير", "Carried in"),
        MoveKind::Lapse => ("إلغاء بانتهاء السنة", "Lapsed"),
    }
}
