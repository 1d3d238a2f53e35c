//! What the person signed in is told about themselves.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_kernel::Named;
use diwan_platform_api::people::{ActingFor, Me, MyPosition, Ref};
use diwan_schema::platform::{agencies, delegations, holdings, positions, units, users};

use crate::{Actor, Outcome};

/// Loads it.
pub(in crate::people) fn load(tx: &mut ReadTx<'_>, actor: &Actor) -> Outcome<Me> {
    type Row = (String, Option<String>, String, Option<i64>, String, String);
    let (username, email, theme, totp_step, agency_ar, agency_en): Row = users::table
        .inner_join(agencies::table.on(agencies::id.eq(users::agency_id)))
        .filter(users::id.eq(actor.user_id))
        .select((
            users::username,
            users::email,
            users::theme,
            users::totp_last_step,
            agencies::name_ar,
            agencies::name_en,
        ))
        .first(tx.conn())?;
    Ok(Me {
        user_id: actor.user_id,
        username,
        name: Named { ar: actor.name_ar.clone(), en: actor.name_en.clone() },
        email,
        agency: Ref { id: actor.agency_id, name: Named { ar: agency_ar, en: agency_en } },
        positions: positions_of(tx, actor)?,
        permissions: actor.permissions.iter().copied().collect(),
        clearance: actor.clearance,
        caveats: actor.caveats.iter().copied().collect(),
        lang: actor.lang,
        theme: theme.parse()?,
        must_change: actor.must_change,
        totp_enabled: totp_step.is_some(),
        acts_for: acting_for(tx, actor)?,
    })
}

fn positions_of(tx: &mut ReadTx<'_>, actor: &Actor) -> Outcome<Vec<MyPosition>> {
    type Row = (i64, String, String, i64, String, String, bool, bool);
    let today = tx.today();
    let rows: Vec<Row> = holdings::table
        .inner_join(positions::table.on(positions::id.eq(holdings::position_id)))
        .inner_join(units::table.on(units::id.eq(positions::unit_id)))
        .filter(holdings::user_id.eq(actor.user_id))
        .filter(holdings::from_date.le(today))
        .filter(holdings::to_date.is_null().or(holdings::to_date.ge(today)))
        .filter(positions::active.eq(true))
        .select((
            positions::id,
            positions::title_ar,
            positions::title_en,
            units::id,
            units::name_ar,
            units::name_en,
            positions::is_head,
            positions::can_sign,
        ))
        .order(holdings::id)
        .load(tx.conn())?;
    let position = |(id, title_ar, title_en, unit_id, unit_ar, unit_en, is_head, can_sign): Row| MyPosition {
        position_id: id,
        title: Named { ar: title_ar, en: title_en },
        unit: Ref { id: unit_id, name: Named { ar: unit_ar, en: unit_en } },
        is_head,
        can_sign,
    };
    Ok(rows.into_iter().map(position).collect())
}

fn acting_for(tx: &mut ReadTx<'_>, actor: &Actor) -> Outcome<Vec<ActingFor>> {
    let today = tx.today();
    let rows: Vec<(i64, String, String, String, NaiveDate)> = delegations::table
        .inner_join(users::table.on(users::id.eq(delegations::from_user_id)))
        .filter(delegations::to_user_id.eq(actor.user_id))
        .filter(delegations::starts_on.le(today))
        .filter(delegations::ends_on.ge(today))
        .filter(delegations::revoked_at.is_null())
        .select((users::id, users::name_ar, users::name_en, delegations::scope, delegations::ends_on))
        .order(delegations::id)
        .load(tx.conn())?;
    rows.into_iter()
        .map(|(user_id, ar, en, scope, ends_on)| {
            Ok(ActingFor { user_id, name: Named { ar, en }, scope: scope.parse()?, ends_on })
        })
        .collect()
}
