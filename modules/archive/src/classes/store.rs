//! Classes in the database.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diwan_archive_api::{ClassInput, ClassSchedule, DocumentClass, DocumentClasses, within};
use diwan_db::{ReadTx, WriteTx};
use diwan_kernel::{FieldError, Named, Secrecy};
use diwan_platform::{Outcome, Refusal};
use diwan_schema::archive::{classes, schedules};

/// A class as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = classes)]
pub(crate) struct ClassRow {
    pub(crate) id: i64,
    pub(crate) parent_id: Option<i64>,
    pub(crate) code: String,
    pub(crate) path: String,
    pub(crate) name_ar: String,
    pub(crate) name_en: String,
    pub(crate) note: String,
    pub(crate) secrecy: String,
    pub(crate) schedule_id: Option<i64>,
    pub(crate) active: bool,
    pub(crate) version: i64,
}

/// The classes of an agency, each below the one above it.
pub(crate) fn all(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Vec<ClassRow>> {
    let mut rows: Vec<ClassRow> =
        classes::table.filter(classes::agency_id.eq(agency_id)).select(ClassRow::as_select()).load(tx.conn())?;
    // By the codes of the path: as text, `1000-1/2` would come between `1000` and `1000/1`.
    rows.sort_by(|a, b| a.path.split('/').cmp(b.path.split('/')));
    Ok(rows)
}

/// A class of the agency.
pub(crate) fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<ClassRow> {
    classes::table
        .filter(classes::id.eq(id))
        .filter(classes::agency_id.eq(agency_id))
        .select(ClassRow::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("class"))
}

/// The class of a code.
pub(crate) fn of_code(tx: &mut ReadTx<'_>, agency_id: i64, code: &str) -> Outcome<Option<ClassRow>> {
    Ok(classes::table
        .filter(classes::agency_id.eq(agency_id))
        .filter(classes::code.eq(code))
        .select(ClassRow::as_select())
        .first(tx.conn())
        .optional()?)
}

/// The codes of a class and of all below it; of an unknown code only itself, which finds nothing else.
pub(crate) fn subtree(tx: &mut ReadTx<'_>, agency_id: i64, code: &str) -> Outcome<Vec<String>> {
    let Some(top) = of_code(tx, agency_id, code)? else { return Ok(vec![code.to_owned()]) };
    let below = all(tx, agency_id)?.into_iter().filter(|class| within(&class.path, &top.path));
    Ok(below.map(|class| class.code).collect())
}

/// What the classes at these paths of an agency are called, code before name, by their paths.
pub(crate) fn called(tx: &mut ReadTx<'_>, agency_id: i64, paths: Vec<String>) -> Outcome<BTreeMap<String, Named>> {
    let rows: Vec<(String, String, String, String)> = classes::table
        .filter(classes::agency_id.eq(agency_id))
        .filter(classes::path.eq_any(paths))
        .select((classes::path, classes::code, classes::name_ar, classes::name_en))
        .load(tx.conn())?;
    let name = |code: &str, ar: &str, en: &str| Named { ar: format!("{code} {ar}"), en: format!("{code} {en}") };
    Ok(rows.into_iter().map(|(path, code, ar, en)| (path, name(&code, &ar, &en))).collect())
}

/// The paths of these agencies' classes, by agency and code.
pub(crate) fn paths(tx: &mut ReadTx<'_>, agencies: &BTreeSet<i64>) -> Outcome<BTreeMap<(i64, String), String>> {
    let rows: Vec<(i64, String, String)> = classes::table
        .filter(classes::agency_id.eq_any(agencies.iter().copied().collect::<Vec<_>>()))
        .select((classes::agency_id, classes::code, classes::path))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(agency, code, path)| ((agency, code), path)).collect())
}

/// Goes on only with a class that documents of this secrecy may be filed under now: one in use, with a schedule, of no
/// higher secrecy.
pub(crate) fn check(tx: &mut ReadTx<'_>, agency_id: i64, code: &str, secrecy: Secrecy) -> Outcome<()> {
    let wrong = |fault: &str| -> Outcome<()> { Err(FieldError::new("class_code", fault).with("code", code).into()) };
    let Some(class) = of_code(tx, agency_id, code)? else { return wrong("unknown_class") };
    if !class.active {
        return wrong("class_inactive");
    }
    if class.schedule_id.is_none() {
        return wrong("class_without_schedule");
    }
    at_least(&class, secrecy)
}

/// Goes on only if a document's secrecy is at least that of its class.
pub(crate) fn at_least(class: &ClassRow, secrecy: Secrecy) -> Outcome<()> {
    let least: Secrecy = class.secrecy.parse()?;
    if secrecy >= least {
        return Ok(());
    }
    Err(FieldError::new("secrecy", "below_class").with("code", &class.code).with("secrecy", least.code()).into())
}

/// The classes as the wire has them.
pub(super) fn list(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<DocumentClasses> {
    let schedules = names(tx, agency_id)?;
    let rows = all(tx, agency_id)?;
    Ok(DocumentClasses { items: rows.into_iter().map(|row| dto(row, &schedules)).collect::<Outcome<_>>()? })
}

/// A class as the wire has it.
pub(super) fn view(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<DocumentClass> {
    let schedules = names(tx, agency_id)?;
    dto(load(tx, agency_id, id)?, &schedules)
}

fn names(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<BTreeMap<i64, ClassSchedule>> {
    let rows: Vec<(i64, String, String, String)> = schedules::table
        .filter(schedules::agency_id.eq(agency_id))
        .select((schedules::id, schedules::code, schedules::name_ar, schedules::name_en))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(id, code, ar, en)| (id, ClassSchedule { id, code, name: Named { ar, en } })).collect())
}

fn dto(row: ClassRow, schedules: &BTreeMap<i64, ClassSchedule>) -> Outcome<DocumentClass> {
    Ok(DocumentClass {
        id: row.id,
        parent_id: row.parent_id,
        code: row.code,
        path: row.path,
        name: Named { ar: row.name_ar, en: row.name_en },
        note: row.note,
        secrecy: row.secrecy.parse()?,
        schedule: row.schedule_id.and_then(|id| schedules.get(&id).cloned()),
        active: row.active,
        version: row.version,
    })
}

/// Puts a checked class into the database.
pub(super) fn insert(tx: &mut WriteTx<'_>, agency_id: i64, input: &ClassInput, path: &str) -> Outcome<i64> {
    Ok(diesel::insert_into(classes::table)
        .values((
            classes::agency_id.eq(agency_id),
            classes::parent_id.eq(input.parent_id),
            classes::code.eq(&input.code),
            classes::path.eq(path),
            classes::name_ar.eq(&input.name.ar),
            classes::name_en.eq(&input.name.en),
            classes::note.eq(&input.note),
            classes::secrecy.eq(input.secrecy.code()),
            classes::schedule_id.eq(input.schedule_id),
            classes::active.eq(input.active),
            classes::version.eq(1_i64),
        ))
        .returning(classes::id)
        .get_result(tx.conn())?)
}

/// Changes a class that is still of this version; its code stays.
pub(super) fn update(tx: &mut WriteTx<'_>, (id, version): (i64, i64), input: &ClassInput, path: &str) -> Outcome<()> {
    let same = classes::table.filter(classes::id.eq(id)).filter(classes::version.eq(version));
    let rows = diesel::update(same)
        .set((
            classes::parent_id.eq(input.parent_id),
            classes::path.eq(path),
            classes::name_ar.eq(&input.name.ar),
            classes::name_en.eq(&input.name.en),
            classes::note.eq(&input.note),
            classes::secrecy.eq(input.secrecy.code()),
            classes::schedule_id.eq(input.schedule_id),
            classes::active.eq(input.active),
            classes::version.eq(version + 1),
        ))
        .execute(tx.conn())?;
    if rows == 1 { Ok(()) } else { Err(Refusal::stale("class", version + 1, version)) }
}

/// Puts the classes below a moved one where it went.
pub(super) fn move_below(tx: &mut WriteTx<'_>, agency_id: i64, from: &str, to: &str) -> Outcome<()> {
    for class in all(tx, agency_id)? {
        let Some(rest) = class.path.strip_prefix(from).filter(|rest| rest.starts_with('/')) else { continue };
        let path = format!("{to}{rest}");
        diesel::update(classes::table.find(class.id)).set(classes::path.eq(path)).execute(tx.conn())?;
    }
    Ok(())
}
