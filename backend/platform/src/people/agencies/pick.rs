//! Agencies for a picker: recipients of letters.

use diesel::prelude::*;
use diwan_db::{ReadTx, arabic_order};
use diwan_kernel::{Named, text};
use diwan_platform_api::people::{Pick, PickRequest};
use diwan_schema::platform::agencies;

use crate::{Outcome, Refusal, people::PICK_LINES};

/// The active agencies whose code or name has the words; every agency may write to every other.
///
/// # Errors
/// The database fails.
pub fn run(tx: &mut ReadTx<'_>, request: &PickRequest) -> Outcome<Vec<Pick>> {
    let backend = tx.conn().backend_kind();
    let rows: Vec<(i64, String, String, String)> = agencies::table
        .filter(agencies::active.eq(true))
        .filter(agencies::fold.like(text::like_anywhere(&request.q)).escape('\\'))
        .select((agencies::id, agencies::name_ar, agencies::name_en, agencies::code))
        .order((arabic_order(backend, "agencies.name_ar"), agencies::id))
        .limit(PICK_LINES)
        .load(tx.conn())?;
    let pick = |(id, ar, en, code): (i64, String, String, String)| Pick {
        id,
        name: Named { ar, en },
        detail: Named { ar: code.clone(), en: code },
    };
    Ok(rows.into_iter().map(pick).collect())
}

/// Whom letters to an agency are addressed to, for the line that a new letter starts with.
///
/// # Errors
/// [`Refusal::NotFound`] where there is no such active agency.
pub fn addressee(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Named> {
    let found: Option<(String, String)> = agencies::table
        .filter(agencies::id.eq(id))
        .filter(agencies::active.eq(true))
        .select((agencies::addressee_ar, agencies::addressee_en))
        .first(tx.conn())
        .optional()?;
    found.map(|(ar, en)| Named { ar, en }).ok_or(Refusal::NotFound("agency"))
}
