//! Delegations in the database.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_platform_api::people::Delegation;
use diwan_schema::platform::delegations;

use crate::{Outcome, people::names};

/// A delegation as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = delegations)]
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) agency_id: i64,
    pub(super) from_user_id: i64,
    pub(super) to_user_id: i64,
    scope: String,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    reason: String,
    pub(super) created_by: i64,
    pub(super) revoked_at: Option<NaiveDateTime>,
}

/// As the wire has them.
pub(super) fn dtos(tx: &mut ReadTx<'_>, rows: Vec<Row>) -> Outcome<Vec<Delegation>> {
    let today = tx.today();
    let people = rows.iter().flat_map(|row| [row.from_user_id, row.to_user_id, row.created_by]).collect::<Vec<_>>();
    let names = names::of_users(tx, people)?;
    rows.into_iter()
        .map(|row| {
            Ok(Delegation {
                id: row.id,
                from: names.of(row.from_user_id),
                to: names.of(row.to_user_id),
                scope: row.scope.parse()?,
                in_force: row.revoked_at.is_none() && row.starts_on <= today && today <= row.ends_on,
                starts_on: row.starts_on,
                ends_on: row.ends_on,
                reason: row.reason,
                revoked_at: row.revoked_at.map(|at| at.and_utc()),
                created_by: names.of(row.created_by),
            })
        })
        .collect()
}
