//! A list of letters as an XLSX file: every filter and sort of the list, without its pages.

use chrono::{Duration, NaiveDateTime};
use diwan_db::ReadTx;
use diwan_kernel::{Lang, Permission, Priority, Secrecy};
use diwan_platform::{
    Actor, Outcome,
    sheet::{Cell, Column, Export, ListSheet},
};
use diwan_tarasol_api::{Direction, LetterQuery, LetterRow};

use super::list;

/// Rows read at once.
const BATCH: i64 = 1_000;

/// The file, and how many letters are in it. `minutes` is the government's clock, east of UTC.
///
/// # Errors
/// [`diwan_platform::Refusal::Forbidden`] without the right to export; `too_many_rows` with the limit; the database fails.
pub fn run(tx: &mut ReadTx<'_>, actor: &Actor, query: &LetterQuery, lang: Lang, minutes: i32) -> Outcome<Export> {
    actor.require(Permission::Export)?;
    let name = match query.direction {
        Direction::Outgoing => ("الصادر", "Outgoing"),
        Direction::Incoming => ("الوارد", "Incoming"),
        Direction::InternalMemo => ("المذكرات الداخلية", "Internal memos"),
    };
    ListSheet::new(lang, name, columns())
        .write(|after| list::page_of(tx, actor, query, after.as_deref(), BATCH), |row| cells(row, lang, minutes))
}

fn columns() -> [Column; 11] {
    [
        Column::new("الرقم", "Number", 18),
        Column::new("رقم كتابهم", "Their number", 18),
        Column::new("الجهة", "Agency", 34),
        Column::new("الموضوع", "Subject", 60),
        Column::new("الحالة", "State", 18),
        Column::new("درجة السرية", "Secrecy", 14),
        Column::new("الأولوية", "Priority", 14),
        Column::new("التاريخ", "Date", 18),
        Column::new("الاستحقاق", "Due", 14),
        Column::new("لدى", "With", 28),
        Column::new("المرفقات", "Attachments", 12),
    ]
}

fn cells(row: &LetterRow, lang: Lang, minutes: i32) -> Vec<Cell> {
    let said = |names: (&str, &str)| Cell::text(lang.pick(names));
    vec![
        Cell::text(row.number.clone().unwrap_or_default()),
        Cell::text(row.their_number.clone().unwrap_or_default()),
        Cell::named(&row.counterpart, lang),
        Cell::text(&row.subject),
        state(&row.state).map_or_else(|| Cell::text(&row.state), said),
        said(secrecy(row.secrecy)),
        said(priority(row.priority)),
        Cell::Time(local(row.at, minutes)),
        row.due_on.map_or(Cell::Empty, Cell::Day),
        row.holder.as_ref().map_or(Cell::Empty, |holder| Cell::named(holder, lang)),
        i32::try_from(row.attachments).map_or(Cell::Empty, Cell::Number),
    ]
}

/// To the minute on the government's clock.
fn local(at: NaiveDateTime, minutes: i32) -> NaiveDateTime {
    at + Duration::minutes(i64::from(minutes))
}

/// The words for a state of an outgoing or incoming letter.
fn state(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "draft" => ("مسودة", "Draft"),
        "in_review" => ("قيد المراجعة", "In review"),
        "in_signature" => ("بانتظار التوقيع", "Awaiting signature"),
        "returned" => ("مُعاد للتصويب", "Returned"),
        "issued" => ("مُصدَر", "Issued"),
        "delivered" => ("مُسلَّم", "Delivered"),
        "closed" => ("مغلق", "Closed"),
        "void" => ("ملغى", "Void"),
        "received" => ("بانتظار التسجيل", "Awaiting registration"),
        "registered" => ("مسجّل", "Registered"),
        "referred" => ("محال", "Referred"),
        "answered" => ("تم الرد", "Answered"),
        "refused" => ("أعيد إلى مرسله", "Returned to sender"),
        "recalled" => ("سحبه مرسله", "Recalled by sender"),
        _ => return None,
    })
}

const fn secrecy(level: Secrecy) -> (&'static str, &'static str) {
    match level {
        Secrecy::Normal => ("عادي", "Normal"),
        Secrecy::Restricted => ("محدود", "Restricted"),
        Secrecy::Secret => ("سري", "Secret"),
        Secrecy::TopSecret => ("سري للغاية", "Top secret"),
    }
}

const fn priority(priority: Priority) -> (&'static str, &'static str) {
    match priority {
        Priority::Normal => ("عادي", "Normal"),
        Priority::Urgent => ("عاجل", "Urgent"),
        Priority::VeryUrgent => ("عاجل جدًا", "Very urgent"),
        Priority::Immediate => ("فوري", "Immediate"),
    }
}

#[cfg(test)]
mod tests {
    use diwan_tarasol_api::{IncomingState, OutgoingState};

    use super::state;

    #[test]
    fn every_state_has_words() {
        let codes =
            OutgoingState::ALL.iter().map(|one| one.code()).chain(IncomingState::ALL.iter().map(|one| one.code()));
        for code in codes {
            assert!(state(code).is_some(), "{code}");
        }
    }
}
