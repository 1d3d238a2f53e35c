//! The root that a statement is proved by: that of the last period it counts, where that is sealed.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_platform::Outcome;
use diwan_schema::finance::{fiscal_periods, period_seals};

/// The seal of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRoot {
    /// Its root, 64 hex digits.
    pub root: String,
    /// When it was sealed, UTC.
    pub sealed_at: NaiveDateTime,
}

impl SealedRoot {
    /// The root in groups of eight, as people compare it.
    pub fn grouped(&self) -> String {
        let digits: Vec<char> = self.root.chars().collect();
        digits.chunks(8).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }
}

/// The root of the last period that counts between two days, where all of these periods are whole and sealed. It stands for
/// those before it too: each root is made over the one before.
///
/// # Errors
/// The database fails.
pub fn root_of(tx: &mut ReadTx<'_>, agency_id: i64, from: NaiveDate, to: NaiveDate) -> Outcome<Option<SealedRoot>> {
    let last: Option<(i64, NaiveDate)> = fiscal_periods::table
        .filter(fiscal_periods::agency_id.eq(agency_id))
        .filter(fiscal_periods::starts_on.le(to))
        .filter(fiscal_periods::ends_on.ge(from))
        .order((fiscal_periods::ends_on.desc(), fiscal_periods::number.desc()))
        .select((fiscal_periods::id, fiscal_periods::ends_on))
        .first(tx.conn())
        .optional()?;
    let Some((id, _)) = last.filter(|(_, ends_on)| *ends_on <= to) else { return Ok(None) };
    let seal: Option<(String, NaiveDateTime)> = period_seals::table
        .find(id)
        .select((period_seals::root, period_seals::sealed_at))
        .first(tx.conn())
        .optional()?;
    Ok(seal.map(|(root, sealed_at)| SealedRoot { root, sealed_at }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_is_read_in_groups() {
        let of = SealedRoot { root: "0123456789abcdef".repeat(4), sealed_at: NaiveDateTime::default() };
        assert_eq!(of.grouped().split(' ').count(), 8);
        assert!(of.grouped().starts_with("01234567 89abcdef "));
    }
}
