//! A row that brings an agency.

use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_kernel::{FieldError, Named};
use diwan_platform_api::people::{AgencyInput, AgencyKind};
use diwan_schema::platform::agencies;

use super::columns::Cells;
use crate::{
    Actor, Fields, Outcome,
    people::{
        agencies::create,
        words::{AGENCY_KINDS, meant},
    },
};

/// Makes it. Its parent is there already, or stands in a row above.
pub(super) fn make(tx: &mut WriteTx<'_>, actor: &Actor, cells: &Cells<'_>) -> Outcome<()> {
    let mut fields = Fields::default();
    let kind = meant("kind", cells.get("kind"), &AGENCY_KINDS).map(Some);
    let kind: Option<AgencyKind> = fields.take(kind);
    let parent_id = parent(tx, &mut fields, cells.get("parent_code"))?;
    fields.done()?;
    let named = |ar: &str, en: &str| Named { ar: cells.get(ar).to_owned(), en: cells.get(en).to_owned() };
    let input = AgencyInput {
        parent_id,
        kind: kind.unwrap_or(AgencyKind::Ministry),
        code: cells.get("code").to_owned(),
        name: named("name_ar", "name_en"),
        addressee: named("addressee_ar", "addressee_en"),
        email: Some(cells.get("email").to_owned()),
        active: true,
    };
    create::make(tx, actor, &input).map(|_id| ())
}

fn parent(tx: &mut ReadTx<'_>, fields: &mut Fields, code: &str) -> Outcome<Option<i64>> {
    if code.is_empty() {
        return Ok(None);
    }
    let found = agencies::table.filter(agencies::code.eq(code)).select(agencies::id).first(tx.conn()).optional()?;
    if found.is_none() {
        fields.push(FieldError::new("parent_code", "unknown").with("value", code));
    }
    Ok(found)
}
