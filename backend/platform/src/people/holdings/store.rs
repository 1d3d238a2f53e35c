//! Holdings in the database.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_kernel::Named;
use diwan_platform_api::people::{Holding, HoldingInput, Ref};
use diwan_schema::platform::{holdings, positions, units, users};

use crate::{
    Actor, Outcome, Refusal,
    people::{positions::store as position_store, scope},
};

/// What the wire shows of a holding, in the order of [`select`].
type Columns =
    ((i64, NaiveDate, Option<NaiveDate>), (i64, String, String), (i64, String, String), (i64, String, String));

/// Which holdings are wanted.
#[derive(Debug, Clone, Copy)]
pub(in crate::people) enum Of {
    /// One.
    Id(i64),
    /// Those of a user that have not ended before today.
    User(i64),
    /// Those of a position, the ended ones too.
    Position(i64),
}

/// Loads holdings of any agency: whoever asks has checked the user or the position, or checks the answer.
pub(in crate::people) fn load(tx: &mut ReadTx<'_>, of: Of) -> Outcome<Vec<Holding>> {
    let today = tx.today();
    let mut query = holdings::table
        .inner_join(positions::table.on(positions::id.eq(holdings::position_id)))
        .inner_join(units::table.on(units::id.eq(positions::unit_id)))
        .inner_join(users::table.on(users::id.eq(holdings::user_id)))
        .select((
            (holdings::id, holdings::from_date, holdings::to_date),
            (positions::id, positions::title_ar, positions::title_en),
            (units::id, units::name_ar, units::name_en),
            (users::id, users::name_ar, users::name_en),
        ))
        .order((holdings::from_date.desc(), holdings::id.desc()))
        .limit(200)
        .into_boxed();
    query = match of {
        Of::Id(id) => query.filter(holdings::id.eq(id)),
        Of::User(id) => {
            query.filter(holdings::user_id.eq(id)).filter(holdings::to_date.is_null().or(holdings::to_date.ge(today)))
        }
        Of::Position(id) => query.filter(holdings::position_id.eq(id)),
    };
    let rows: Vec<Columns> = query.load(tx.conn())?;
    let named = |(id, ar, en): (i64, String, String)| Ref { id, name: Named { ar, en } };
    let dto = |((id, from_date, to_date), position, unit, user): Columns| Holding {
        id,
        position: named(position),
        unit: named(unit),
        user: named(user),
        from_date,
        to_date,
    };
    Ok(rows.into_iter().map(dto).collect())
}

/// The holding with its agency, if that is in the actor's reach.
pub(super) fn visible(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<(Holding, i64)> {
    let found = load(tx, Of::Id(id))?.pop().ok_or(Refusal::NotFound("holding"))?;
    let agency_id: i64 = positions::table.find(found.position.id).select(positions::agency_id).first(tx.conn())?;
    if scope::reaches(actor, agency_id) { Ok((found, agency_id)) } else { Err(Refusal::NotFound("holding")) }
}

/// Refuses a time in which the position is held already: by the same person, or by anybody where it heads a unit.
/// Holdings of one position are decided one after the other from here to the commit.
///
/// # Errors
/// `position_held` with who holds it, from when, until when.
pub(super) fn check_free(
    tx: &mut WriteTx<'_>,
    position: &position_store::Row,
    input: &HoldingInput,
    but: Option<i64>,
) -> Outcome<()> {
    diesel::update(positions::table.find(position.id))
        .set(positions::version.eq(positions::version))
        .execute(tx.conn())?;
    let mut query = holdings::table
        .inner_join(users::table.on(users::id.eq(holdings::user_id)))
        .filter(holdings::position_id.eq(position.id))
        .filter(holdings::id.ne(but.unwrap_or(0)))
        .filter(holdings::to_date.is_null().or(holdings::to_date.ge(input.from_date)))
        .select((users::name_ar, users::name_en, holdings::from_date, holdings::to_date))
        .order(holdings::from_date)
        .into_boxed();
    if let Some(to) = input.to_date {
        query = query.filter(holdings::from_date.le(to));
    }
    if !position.is_head {
        query = query.filter(holdings::user_id.eq(input.user_id));
    }
    let other: Option<(String, String, NaiveDate, Option<NaiveDate>)> = query.first(tx.conn()).optional()?;
    let Some((name_ar, name_en, from, to)) = other else { return Ok(()) };
    let until = to.map(|to| to.to_string()).unwrap_or_default();
    Err(Refusal::rule(
        "position_held",
        [("name_ar", name_ar), ("name_en", name_en), ("from", from.to_string()), ("until", until)],
    ))
}

pub(in crate::people) fn insert(tx: &mut WriteTx<'_>, input: &HoldingInput) -> Outcome<i64> {
    Ok(diesel::insert_into(holdings::table)
        .values((
            holdings::position_id.eq(input.position_id),
            holdings::user_id.eq(input.user_id),
            holdings::from_date.eq(input.from_date),
            holdings::to_date.eq(input.to_date),
        ))
        .returning(holdings::id)
        .get_result(tx.conn())?)
}

/// Ends what a user holds with today, and takes back what was to come.
pub(in crate::people) fn end_all(tx: &mut WriteTx<'_>, user_id: i64) -> Outcome<()> {
    let today = tx.today();
    let of_user = holdings::table.filter(holdings::user_id.eq(user_id));
    diesel::delete(of_user.filter(holdings::from_date.gt(today))).execute(tx.conn())?;
    diesel::update(of_user.filter(holdings::to_date.is_null().or(holdings::to_date.gt(today))))
        .set(holdings::to_date.eq(today))
        .execute(tx.conn())?;
    Ok(())
}
