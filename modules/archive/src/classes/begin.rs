//! The plan that an agency begins with: its older list of classes, or the standard one.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_archive_api::{
    ClassInput, FALLBACK, STANDARD_CLASSES, STANDARD_MANDATE, STANDARD_SCHEDULES, ScheduleInput, UNDECIDED, path_below,
};
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_kernel::{Named, Secrecy};
use diwan_platform::{Actor, Outcome, Platform};
use diwan_schema::{archive::schedules, platform::settings};
use serde::Deserialize;

use super::store;
use crate::{guard, schedules::save};

/// The setting in which the classes were a plain list before there was a plan.
const OLD_LIST: &str = "archive.classes";

#[derive(Deserialize)]
struct OldList {
    items: Vec<OldClass>,
}

#[derive(Deserialize)]
struct OldClass {
    code: String,
    name: Named,
    active: bool,
}

/// Makes the plan of the actor's agency where it has none, so that it can be read.
pub(crate) async fn ready(platform: &Platform, actor: &Actor) -> Outcome<()> {
    let agency_id = actor.agency_id;
    if platform.db.read(move |tx| begun(tx, agency_id)).await? {
        return Ok(());
    }
    platform.db.write(actor.who(), "archive.class.begin", move |tx| begin(tx, agency_id)).await
}

/// Whether the agency has its plan. Schedules come first, and one of them is never taken away.
fn begun(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<bool> {
    let any = schedules::table.filter(schedules::agency_id.eq(agency_id)).filter(schedules::fallback.eq(true));
    Ok(diesel::select(diesel::dsl::exists(any)).get_result(tx.conn())?)
}

/// Makes the plan where there is none. Of two who begin at once, one does it.
pub(crate) fn begin(tx: &mut WriteTx<'_>, agency_id: i64) -> Outcome<()> {
    if begun(tx, agency_id)? {
        return Ok(());
    }
    guard::take(tx, agency_id)?;
    if begun(tx, agency_id)? {
        // Somebody else was first; the entry says that this operation found it done.
        tx.audit(Audit::of("agency", agency_id).agency(agency_id))?;
        return Ok(());
    }
    let schedules = standard_schedules(tx, agency_id)?;
    let classes = match old_list(tx, agency_id)? {
        Some(list) => from_list(tx, agency_id, list, &schedules)?,
        None => standard_classes(tx, agency_id, &schedules)?,
    };
    tx.audit(Audit::of("agency", agency_id).agency(agency_id).detail(serde_json::json!({ "classes": classes })))?;
    Ok(())
}

fn standard_schedules(tx: &mut WriteTx<'_>, agency_id: i64) -> Outcome<BTreeMap<&'static str, i64>> {
    let today = tx.today();
    let mut ids = BTreeMap::new();
    for standard in STANDARD_SCHEDULES {
        let input = ScheduleInput {
            code: standard.code.to_owned(),
            name: Named { ar: standard.ar.to_owned(), en: standard.en.to_owned() },
            starts: standard.starts,
            years: standard.years,
            months: 0,
            new_year: true,
            action: standard.action,
            mandate: STANDARD_MANDATE.to_owned(),
            valid_from: today,
            valid_to: None,
        };
        ids.insert(standard.code, save::insert(tx, agency_id, &input, standard.code == FALLBACK)?);
    }
    Ok(ids)
}

fn standard_classes(tx: &mut WriteTx<'_>, agency_id: i64, schedules: &BTreeMap<&str, i64>) -> Outcome<usize> {
    let mut made = BTreeMap::<&str, (i64, String)>::new();
    for standard in STANDARD_CLASSES {
        let above = made.get(standard.above);
        let path = path_below(above.map(|(_, path)| path.as_str()), standard.code);
        let input = ClassInput {
            code: standard.code.to_owned(),
            parent_id: above.map(|(id, _)| *id),
            name: Named { ar: standard.ar.to_owned(), en: standard.en.to_owned() },
            note: String::new(),
            secrecy: Secrecy::Normal,
            schedule_id: schedules.get(standard.schedule).copied(),
            active: true,
        };
        let id = store::insert(tx, agency_id, &input, &path)?;
        made.insert(standard.code, (id, path));
    }
    Ok(made.len())
}

fn from_list(tx: &mut WriteTx<'_>, agency_id: i64, list: OldList, schedules: &BTreeMap<&str, i64>) -> Outcome<usize> {
    let count = list.items.len();
    for class in list.items {
        let input = ClassInput {
            code: class.code,
            parent_id: None,
            name: class.name,
            note: String::new(),
            secrecy: Secrecy::Normal,
            schedule_id: schedules.get(UNDECIDED).copied(),
            active: class.active,
        };
        let path = input.code.clone();
        store::insert(tx, agency_id, &input, &path)?;
    }
    Ok(count)
}

fn old_list(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Option<OldList>> {
    let today = tx.today();
    let stored: Option<String> = settings::table
        .filter(settings::key.eq(OLD_LIST))
        .filter(settings::agency_id.eq(agency_id))
        .filter(settings::valid_from.le(today))
        .order(settings::valid_from.desc())
        .select(settings::value)
        .first(tx.conn())
        .optional()?;
    Ok(stored.map(|json| serde_json::from_str(&json)).transpose()?)
}
