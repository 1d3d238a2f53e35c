//! The lists of users and agencies as XLSX files: every filter and sort of the list, without its pages.

use chrono::{Duration, NaiveDateTime};
use diwan_db::ReadTx;
use diwan_kernel::{Lang, Permission, page::MAX_PAGE};
use diwan_platform_api::people::{Agency, ListRequest, UserItem};

use super::{agencies, users, words};
use crate::{
    Actor, Outcome,
    sheet::{Cell, Column, Export, ListSheet},
};

/// The users of an agency, and how many they are. `minutes` is the government's clock, east of UTC.
///
/// # Errors
/// [`crate::Refusal::Forbidden`] without the right to export; `too_many_rows`; those of the list.
pub fn users(tx: &mut ReadTx<'_>, actor: &Actor, request: &ListRequest, lang: Lang, minutes: i32) -> Outcome<Export> {
    actor.require(Permission::Export)?;
    let columns = [
        Column::new("اسم المستخدم", "User name", 24),
        Column::new("الاسم بالعربية", "Name in Arabic", 30),
        Column::new("الاسم بالإنجليزية", "Name in English", 30),
        Column::new("البريد الإلكتروني", "E-mail", 30),
        Column::new("المركز الوظيفي", "Position", 28),
        Column::new("الوحدة", "Unit", 28),
        Column::new("درجة الاطلاع", "Clearance", 14),
        Column::new("فعال", "Active", 8),
        Column::new("آخر دخول", "Last sign-in", 18),
    ];
    let cells = |user: &UserItem| {
        let at = |at: NaiveDateTime| Cell::Time(at + Duration::minutes(i64::from(minutes)));
        vec![
            Cell::text(&user.username),
            Cell::text(&user.name.ar),
            Cell::text(&user.name.en),
            Cell::text(user.email.as_deref().unwrap_or_default()),
            user.title.as_ref().map_or(Cell::Empty, |title| Cell::named(title, lang)),
            user.unit.as_ref().map_or(Cell::Empty, |unit| Cell::named(&unit.name, lang)),
            Cell::text(words::said(user.clearance, &words::CLEARANCES, lang)),
            Cell::yes_no(user.active, lang),
            user.last_login_at.map_or(Cell::Empty, |time| at(time.naive_utc())),
        ]
    };
    let sheet = ListSheet::new(lang, ("المستخدمون", "Users"), columns);
    sheet.write(|cursor| users::list::run(tx, actor, &after(request, cursor)), cells)
}

/// The agencies, and how many they are.
///
/// # Errors
/// As [`users`].
pub fn agencies(tx: &mut ReadTx<'_>, actor: &Actor, request: &ListRequest, lang: Lang) -> Outcome<Export> {
    actor.require(Permission::Export)?;
    let columns = [
        Column::new("الرمز", "Code", 12),
        Column::new("الاسم بالعربية", "Name in Arabic", 40),
        Column::new("الاسم بالإنجليزية", "Name in English", 40),
        Column::new("النوع", "Kind", 14),
        Column::new("الجهة الأم", "Parent agency", 36),
        Column::new("المخاطب بالعربية", "Addressee in Arabic", 40),
        Column::new("المخاطب بالإنجليزية", "Addressee in English", 40),
        Column::new("البريد الإلكتروني", "E-mail", 30),
        Column::new("فعالة", "Active", 8),
    ];
    let cells = |agency: &Agency| {
        vec![
            Cell::text(&agency.code),
            Cell::text(&agency.name.ar),
            Cell::text(&agency.name.en),
            Cell::text(words::said(agency.kind, &words::AGENCY_KINDS, lang)),
            agency.parent.as_ref().map_or(Cell::Empty, |parent| Cell::named(&parent.name, lang)),
            Cell::text(&agency.addressee.ar),
            Cell::text(&agency.addressee.en),
            Cell::text(agency.email.as_deref().unwrap_or_default()),
            Cell::yes_no(agency.active, lang),
        ]
    };
    let sheet = ListSheet::new(lang, ("الجهات", "Agencies"), columns);
    sheet.write(|cursor| agencies::list::run(tx, actor, &after(request, cursor)), cells)
}

/// The part of a list after a cursor.
fn after(request: &ListRequest, cursor: Option<String>) -> ListRequest {
    ListRequest { after: cursor, limit: Some(MAX_PAGE), ..request.clone() }
}
