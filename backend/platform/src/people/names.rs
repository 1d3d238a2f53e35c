//! Names of things by their ids, several at once.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_kernel::Named;
use diwan_platform_api::people::Ref;
use diwan_schema::platform::{agencies, units, users};

use crate::Outcome;

/// Names by id.
#[derive(Debug, Default)]
pub struct Names(BTreeMap<i64, Named>);

impl Names {
    /// The name, where there is such a thing.
    pub fn get(&self, id: i64) -> Option<&Named> {
        self.0.get(&id)
    }

    /// The thing with its name.
    pub fn of(&self, id: i64) -> Ref {
        Ref { id, name: self.0.get(&id).cloned().unwrap_or_default() }
    }
}

macro_rules! finder {
    ($($(#[$meta:meta])* $name:ident: $table:ident),+) => {$(
        $(#[$meta])*
        ///
        /// # Errors
        /// The database fails.
        pub fn $name(tx: &mut ReadTx<'_>, ids: impl IntoIterator<Item = i64>) -> Outcome<Names> {
            let ids: Vec<i64> = ids.into_iter().collect();
            if ids.is_empty() {
                return Ok(Names::default());
            }
            let rows: Vec<(i64, String, String)> = $table::table
                .filter($table::id.eq_any(ids))
                .select(($table::id, $table::name_ar, $table::name_en))
                .load(tx.conn())?;
            Ok(Names(rows.into_iter().map(|(id, ar, en)| (id, Named { ar, en })).collect()))
        }
    )+};
}

finder! {
    /// Of agencies.
    of_agencies: agencies,
    /// Of units.
    of_units: units,
    /// Of users.
    of_users: users
}
