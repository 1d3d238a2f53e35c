//! A row that brings a user.

use diesel::prelude::*;
use diwan_db::WriteTx;
use diwan_kernel::{FieldError, Lang, Named, Secrecy};
use diwan_platform_api::people::{HoldingInput, NewUser, UserEdit};
use diwan_schema::platform::{positions, roles};

use super::{columns::Cells, units};
use crate::{
    Actor, Fields, Outcome,
    people::{
        Passwords, holdings,
        users::create,
        words::{CLEARANCES, LANGS, meant, plain},
    },
};

/// Makes the account, puts the person into their position where one is named, and answers the first password.
pub(super) fn make(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    passwords: &Passwords,
    agency_id: i64,
    cells: &Cells<'_>,
) -> Outcome<String> {
    let mut fields = Fields::default();
    let clearance: Option<Secrecy> = match cells.get("clearance") {
        "" => None,
        typed => fields.take(meant("clearance", typed, &CLEARANCES).map(Some)),
    };
    let lang: Option<Lang> = match cells.get("lang") {
        "" => None,
        typed => fields.take(meant("lang", typed, &LANGS).map(Some)),
    };
    let role_ids = role_ids(tx, &mut fields, agency_id, cells.get("roles"))?;
    let position_id = position(tx, &mut fields, agency_id, cells)?;
    fields.done()?;
    let input = NewUser {
        agency_id: Some(agency_id),
        username: cells.get("username").to_owned(),
        edit: UserEdit {
            name: Named { ar: cells.get("name_ar").to_owned(), en: cells.get("name_en").to_owned() },
            email: Some(cells.get("email").to_owned()),
            clearance: clearance.unwrap_or(Secrecy::Normal),
            caveats: Vec::new(),
            role_ids,
            lang: lang.unwrap_or(Lang::Ar),
            active: true,
        },
    };
    let (user_id, temporary_password) = create::make(tx, actor, passwords, &input)?;
    if let Some(position_id) = position_id {
        let from_date = tx.today();
        holdings::create::run(tx, actor, &HoldingInput { position_id, user_id, from_date, to_date: None })?;
    }
    Ok(temporary_password)
}

/// Roles by code or name, separated by `;`, `،` or a line break.
fn role_ids(tx: &mut WriteTx<'_>, fields: &mut Fields, agency_id: i64, typed: &str) -> Outcome<Vec<i64>> {
    let wanted: Vec<&str> =
        typed.split([';', '؛', '،', ',', '\n']).map(str::trim).filter(|one| !one.is_empty()).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let known: Vec<(i64, String, String, String)> = roles::table
        .filter(roles::agency_id.is_null().or(roles::agency_id.eq(agency_id)))
        .select((roles::id, roles::code, roles::name_ar, roles::name_en))
        .order(roles::id)
        .load(tx.conn())?;
    let mut ids = Vec::new();
    for one in wanted {
        let typed = plain(one);
        match known.iter().find(|(_, code, ar, en)| [code, ar, en].into_iter().any(|name| plain(name) == typed)) {
            Some((id, ..)) => ids.push(*id),
            None => fields.push(FieldError::new("roles", "unknown").with("value", one)),
        }
    }
    Ok(ids)
}

/// The position by its unit's code and its title.
fn position(tx: &mut WriteTx<'_>, fields: &mut Fields, agency_id: i64, cells: &Cells<'_>) -> Outcome<Option<i64>> {
    let (unit, title) = (cells.get("unit_code"), cells.get("position"));
    match (unit.is_empty(), title.is_empty()) {
        (true, true) => return Ok(None),
        (true, false) => {
            fields.push(FieldError::new("unit_code", "required"));
            return Ok(None);
        }
        (false, true) => {
            fields.push(FieldError::new("position", "required"));
            return Ok(None);
        }
        (false, false) => {}
    }
    let Some(unit_id) = units::of_code(tx, agency_id, unit)? else {
        fields.push(FieldError::new("unit_code", "unknown").with("value", unit));
        return Ok(None);
    };
    let known: Vec<(i64, String, String)> = positions::table
        .filter(positions::unit_id.eq(unit_id))
        .select((positions::id, positions::title_ar, positions::title_en))
        .order(positions::id)
        .load(tx.conn())?;
    let typed = plain(title);
    let found = known.iter().find(|(_, ar, en)| [ar, en].into_iter().any(|name| plain(name) == typed));
    if found.is_none() {
        fields.push(FieldError::new("position", "unknown").with("value", title));
    }
    Ok(found.map(|(id, ..)| *id))
}
