//! Reading stamps and notes.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diwan_archive_api::{PageMark, PageMarks};
use diwan_db::ReadTx;
use diwan_kernel::{Named, Permission};
use diwan_platform::{Actor, Outcome, files::store as files};
use diwan_platform_api::records::Ref;
use diwan_schema::{archive::page_marks, platform::users};

/// The marks on a file in the actor's scope.
pub(super) fn list(tx: &mut ReadTx<'_>, actor: &Actor, attachment_id: i64) -> Outcome<PageMarks> {
    type Row = (i64, i32, String, i32, i32, String, NaiveDateTime, (i64, String, String));
    let (file, _) = files::load(tx, actor, attachment_id)?;
    let rows: Vec<Row> = page_marks::table
        .inner_join(users::table.on(users::id.eq(page_marks::created_by)))
        .filter(page_marks::attachment_id.eq(file.id))
        .filter(page_marks::removed_at.is_null())
        .order((page_marks::page, page_marks::id))
        .select((
            page_marks::id,
            page_marks::page,
            page_marks::kind,
            page_marks::x,
            page_marks::y,
            page_marks::text,
            page_marks::created_at,
            (users::id, users::name_ar, users::name_en),
        ))
        .load(tx.conn())?;
    let may_add = actor.can(Permission::ArchiveFile);
    let mark = |(id, page, kind, x, y, text, created_at, (by, ar, en)): Row| {
        Ok(PageMark {
            id,
            page,
            kind: kind.parse()?,
            x,
            y,
            text,
            created_by: Ref { id: by, name: Named { ar, en } },
            created_at,
            may_remove: may_add,
        })
    };
    Ok(PageMarks { items: rows.into_iter().map(mark).collect::<Outcome<_>>()?, may_add })
}
