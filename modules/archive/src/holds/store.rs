//! Holds in the database, and what each of them freezes.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diwan_archive_api::{Hold, HoldName, within};
use diwan_db::ReadTx;
use diwan_kernel::Named;
use diwan_platform::{Outcome, Refusal, records::store as records};
use diwan_platform_api::records::Ref;
use diwan_schema::{
    archive::{archive_files, archive_volumes, classes, documents, hold_records, holds},
    platform::records as table,
};

use crate::classes::store as plan;

/// A hold as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = holds)]
pub(super) struct HoldRow {
    pub(super) id: i64,
    pub(super) reason: String,
    pub(super) class_id: Option<i64>,
    pub(super) file_id: Option<i64>,
    set_by: i64,
    set_at: NaiveDateTime,
    lifted_by: Option<i64>,
    pub(super) lifted_at: Option<NaiveDateTime>,
    lift_reason: Option<String>,
}

/// A hold of the agency.
pub(super) fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<HoldRow> {
    holds::table
        .filter(holds::id.eq(id))
        .filter(holds::agency_id.eq(agency_id))
        .select(HoldRow::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("hold"))
}

/// The holds of the agency, those in force first, latest first.
pub(super) fn list(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Vec<Hold>> {
    let mut rows: Vec<HoldRow> = holds::table
        .filter(holds::agency_id.eq(agency_id))
        .order(holds::id.desc())
        .limit(500)
        .select(HoldRow::as_select())
        .load(tx.conn())?;
    rows.sort_by_key(|row| row.lifted_at.is_some());
    rows.into_iter().map(|row| view(tx, row)).collect()
}

/// A hold as the wire has it.
pub(super) fn view(tx: &mut ReadTx<'_>, row: HoldRow) -> Outcome<Hold> {
    let count = hold_records::table.filter(hold_records::hold_id.eq(row.id)).count().get_result(tx.conn())?;
    let class = match row.class_id {
        Some(id) => {
            let (code, ar, en): (String, String, String) =
                classes::table.find(id).select((classes::code, classes::name_ar, classes::name_en)).first(tx.conn())?;
            let with_code = |name: String| if name.is_empty() { name } else { format!("{code} {name}") };
            Some(Ref { id, name: Named { ar: with_code(ar), en: with_code(en) } })
        }
        None => None,
    };
    let file = match row.file_id {
        Some(id) => {
            let (number, title): (String, String) =
                archive_files::table.find(id).select((archive_files::number, archive_files::title)).first(tx.conn())?;
            Some(Ref { id, name: Named { ar: format!("{number} {title}"), en: String::new() } })
        }
        None => None,
    };
    let lifted_by = row.lifted_by.map(|id| records::user_ref(tx, id)).transpose()?;
    Ok(Hold {
        id: row.id,
        reason: row.reason,
        class,
        file,
        records: count,
        set_by: records::user_ref(tx, row.set_by)?,
        set_at: row.set_at,
        lifted_by,
        lifted_at: row.lifted_at,
        lift_reason: row.lift_reason,
    })
}

/// What a record is held by, besides its own name on the hold: its class and its file.
type Place = (i64, Option<String>, Option<i64>);

/// The holds on each of these records of an agency; records that nothing holds are left out.
pub(crate) fn on(tx: &mut ReadTx<'_>, agency_id: i64, ids: &[i64]) -> Outcome<BTreeMap<i64, Vec<HoldName>>> {
    let active: Vec<HoldRow> = holds::table
        .filter(holds::agency_id.eq(agency_id))
        .filter(holds::lifted_at.is_null())
        .order(holds::id)
        .select(HoldRow::as_select())
        .load(tx.conn())?;
    let mut held = BTreeMap::<i64, Vec<HoldName>>::new();
    if active.is_empty() || ids.is_empty() {
        return Ok(held);
    }
    let named: Vec<(i64, i64)> = hold_records::table
        .filter(hold_records::record_id.eq_any(ids.to_vec()))
        .select((hold_records::hold_id, hold_records::record_id))
        .load(tx.conn())?;
    let named: BTreeSet<(i64, i64)> = named.into_iter().collect();
    let places = places(tx, ids)?;
    let paths: BTreeMap<String, String> =
        plan::all(tx, agency_id)?.into_iter().map(|class| (class.code, class.path)).collect();
    let tops = tops(tx, &active)?;
    for (record, class, file) in places {
        let path = class.and_then(|code| paths.get(&code));
        for hold in &active {
            let top = hold.class_id.and_then(|id| tops.get(&id));
            let by_class = top.zip(path).is_some_and(|(top, path)| within(path, top));
            let by_file = hold.file_id.is_some() && hold.file_id == file;
            if named.contains(&(hold.id, record)) || by_class || by_file {
                let name = HoldName { id: hold.id, reason: hold.reason.clone() };
                held.entry(record).or_default().push(name);
            }
        }
    }
    Ok(held)
}

/// The paths of the classes that these holds freeze.
fn tops(tx: &mut ReadTx<'_>, active: &[HoldRow]) -> Outcome<BTreeMap<i64, String>> {
    let ids: Vec<i64> = active.iter().filter_map(|hold| hold.class_id).collect();
    let rows: Vec<(i64, String)> =
        classes::table.filter(classes::id.eq_any(ids)).select((classes::id, classes::path)).load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

fn places(tx: &mut ReadTx<'_>, ids: &[i64]) -> Outcome<Vec<Place>> {
    let records: Vec<(i64, Option<String>)> =
        table::table.filter(table::id.eq_any(ids.to_vec())).select((table::id, table::class_code)).load(tx.conn())?;
    let files: Vec<(i64, i64)> = documents::table
        .inner_join(archive_volumes::table.on(documents::volume_id.eq(archive_volumes::id.nullable())))
        .filter(documents::record_id.eq_any(ids.to_vec()))
        .select((documents::record_id, archive_volumes::file_id))
        .load(tx.conn())?;
    let files: BTreeMap<i64, i64> = files.into_iter().collect();
    Ok(records.into_iter().map(|(id, class)| (id, class, files.get(&id).copied())).collect())
}

/// Goes on only if no hold on a class above this path would let go of what is moved away.
pub(crate) fn none_above(tx: &mut ReadTx<'_>, agency_id: i64, path: &str) -> Outcome<()> {
    let active: Vec<HoldRow> = holds::table
        .filter(holds::agency_id.eq(agency_id))
        .filter(holds::lifted_at.is_null())
        .filter(holds::class_id.is_not_null())
        .select(HoldRow::as_select())
        .load(tx.conn())?;
    let tops = tops(tx, &active)?;
    let above =
        |hold: &HoldRow| hold.class_id.and_then(|id| tops.get(&id)).is_some_and(|top| top != path && within(path, top));
    match active.into_iter().find(above) {
        Some(hold) => Err(Refusal::rule("on_hold", [("reason", hold.reason)])),
        None => Ok(()),
    }
}

/// Goes on only if nothing holds the record: for whoever takes something of it away.
pub(crate) fn none_on(tx: &mut ReadTx<'_>, record_id: i64) -> Outcome<()> {
    let agency_id = table::table.find(record_id).select(table::agency_id).first(tx.conn())?;
    let hold = on(tx, agency_id, &[record_id])?.remove(&record_id).and_then(|holds| holds.into_iter().next());
    match hold {
        Some(hold) => Err(Refusal::rule("on_hold", [("reason", hold.reason)])),
        None => Ok(()),
    }
}
