//! Who saw what as an XLSX file: the list with its filters, without its pages.

use chrono::Duration;
use diwan_db::ReadTx;
use diwan_kernel::{Lang, Permission, Secrecy};
use diwan_platform_api::access::{ViewEntry, ViewQuery, ViewWay};

use super::list;
use crate::{
    Actor, Outcome,
    sheet::{Cell, Column, Export, ListSheet},
};

/// The file, and how many entries are in it. `minutes` is the government's clock, east of UTC.
///
/// # Errors
/// [`crate::Refusal::Forbidden`] without the right to export; `too_many_rows` with the limit; the database fails.
pub fn export(tx: &mut ReadTx<'_>, actor: &Actor, asked: &ViewQuery, lang: Lang, minutes: i32) -> Outcome<Export> {
    actor.require(Permission::Export)?;
    let page = |after: Option<String>| {
        let next = ViewQuery { after, limit: Some(diwan_kernel::page::MAX_PAGE), ..asked.clone() };
        list(tx, actor, &next)
    };
    ListSheet::new(lang, ("سجل الاطلاع", "Who saw what"), columns()).write(page, |entry| cells(entry, lang, minutes))
}

fn columns() -> [Column; 8] {
    [
        Column::new("الوقت", "Time", 18),
        Column::new("المستخدم", "User", 30),
        Column::new("الفعل", "What", 14),
        Column::new("الرقم", "Number", 18),
        Column::new("الموضوع", "Subject", 60),
        Column::new("درجة السرية", "Secrecy", 14),
        Column::new("الملف", "File", 34),
        Column::new("العنوان الشبكي", "Address", 18),
    ]
}

fn cells(entry: &ViewEntry, lang: Lang, minutes: i32) -> Vec<Cell> {
    let said = |names: (&str, &str)| Cell::text(lang.pick(names));
    vec![
        Cell::Time(entry.at + Duration::minutes(i64::from(minutes))),
        Cell::named(&entry.user.name, lang),
        said(way(entry.way)),
        Cell::text(entry.record.number.clone().unwrap_or_default()),
        Cell::text(&entry.record.subject),
        said(secrecy(entry.record.secrecy)),
        Cell::text(&entry.file_name),
        Cell::text(&entry.ip),
    ]
}

const fn way(way: ViewWay) -> (&'static str, &'static str) {
    match way {
        ViewWay::Open => ("فتح", "Opened"),
        ViewWay::Page => ("عرض صفحة", "Looked at a page"),
        ViewWay::Download => ("تنزيل", "Downloaded"),
        ViewWay::Print => ("طباعة", "Printed"),
    }
}

const fn secrecy(level: Secrecy) -> (&'static str, &'static str) {
    match level {
        Secrecy::Normal => ("عادي", "Normal"),
        Secrecy::Restricted => ("محدود", "Restricted"),
        Secrecy::Secret => ("سري", "Secret"),
        Secrecy::TopSecret => ("سري للغاية", "Top secret"),
    }
}
