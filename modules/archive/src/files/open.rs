//! Opening a file: it takes the next number of the agency's files, and its first volume.

use diesel::prelude::*;
use diwan_archive_api::FileInput;
use diwan_db::{Audit, WriteTx};
use diwan_kernel::{FieldError, Secrecy, text};
use diwan_platform::{Actor, Fields, Outcome};
use diwan_schema::archive::{archive_files, archive_volumes};
use serde_json::json;

use crate::{classes, guard};

/// Opens it.
pub(super) fn run(tx: &mut WriteTx<'_>, actor: &Actor, input: &FileInput) -> Outcome<i64> {
    classes::begin(tx, actor.agency_id)?;
    let mut fields = Fields::default();
    let title = fields.take(text::line("title", &input.title, text::SUBJECT_MAX));
    let class = classes::store::of_code(tx, actor.agency_id, &input.class_code)?;
    let level: Secrecy = class.as_ref().map_or(Ok(Secrecy::Normal), |class| class.secrecy.parse())?;
    match &class {
        None => fields.push(FieldError::new("class_code", "unknown_class").with("code", &input.class_code)),
        Some(class) if !class.active => {
            fields.push(FieldError::new("class_code", "class_inactive").with("code", &class.code));
        }
        Some(class) if class.schedule_id.is_none() => {
            fields.push(FieldError::new("class_code", "class_without_schedule").with("code", &class.code));
        }
        Some(_) if level > actor.clearance => fields.push(FieldError::new("class_code", "above_clearance")),
        Some(_) => {}
    }
    fields.done()?;
    let Some(class) = class else { return Err(FieldError::new("class_code", "unknown_class").into()) };
    // The turn keeps the numbers without gaps and without doubles; a rollback gives the number back.
    guard::take(tx, actor.agency_id)?;
    let last: Option<i64> = archive_files::table
        .filter(archive_files::agency_id.eq(actor.agency_id))
        .select(diesel::dsl::max(archive_files::seq))
        .first(tx.conn())?;
    let (seq, today) = (last.unwrap_or(0) + 1, tx.today());
    let number = format!("م/{seq}");
    let id: i64 = diesel::insert_into(archive_files::table)
        .values((
            archive_files::agency_id.eq(actor.agency_id),
            archive_files::class_id.eq(class.id),
            archive_files::seq.eq(seq),
            archive_files::number.eq(&number),
            archive_files::title.eq(&title),
            archive_files::fold.eq(text::fold(&format!("{number} {title}"))),
            archive_files::opened_on.eq(today),
            archive_files::opened_by.eq(actor.user_id),
            archive_files::version.eq(1_i64),
        ))
        .returning(archive_files::id)
        .get_result(tx.conn())?;
    diesel::insert_into(archive_volumes::table)
        .values((archive_volumes::file_id.eq(id), archive_volumes::number.eq(1), archive_volumes::opened_on.eq(today)))
        .execute(tx.conn())?;
    tx.audit(Audit::of("archive_file", id).after(input).detail(json!({ "number": number })))?;
    Ok(id)
}
