//! A row that brings a unit.

use diesel::prelude::*;
use diwan_db::WriteTx;
use diwan_kernel::{FieldError, Named};
use diwan_platform_api::people::{UnitInput, UnitKind};
use diwan_schema::platform::units;

use super::columns::Cells;
use crate::{
    Actor, Fields, Outcome,
    people::{
        units::create,
        words::{UNIT_KINDS, meant},
    },
};

/// Makes it. The unit above it is there already, or stands in a row above.
pub(super) fn make(tx: &mut WriteTx<'_>, actor: &Actor, agency_id: i64, cells: &Cells<'_>) -> Outcome<()> {
    let mut fields = Fields::default();
    let kind: Option<UnitKind> = fields.take(meant("kind", cells.get("kind"), &UNIT_KINDS).map(Some));
    let parent_id = match cells.get("parent_code") {
        "" => None,
        code => {
            let found = of_code(tx, agency_id, code)?;
            if found.is_none() {
                fields.push(FieldError::new("parent_code", "unknown").with("value", code));
            }
            found
        }
    };
    fields.done()?;
    let input = UnitInput {
        agency_id: Some(agency_id),
        parent_id,
        kind: kind.unwrap_or(UnitKind::Section),
        code: cells.get("code").to_owned(),
        name: Named { ar: cells.get("name_ar").to_owned(), en: cells.get("name_en").to_owned() },
        active: true,
    };
    create::run(tx, actor, &input).map(|_unit| ())
}

/// The unit of a code.
pub(super) fn of_code(tx: &mut WriteTx<'_>, agency_id: i64, code: &str) -> Outcome<Option<i64>> {
    let of_code = units::table.filter(units::agency_id.eq(agency_id)).filter(units::code.eq(code));
    Ok(of_code.select(units::id).first(tx.conn()).optional()?)
}
