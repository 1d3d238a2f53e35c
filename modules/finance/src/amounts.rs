//! Adding amounts: what does not fit is refused, never wrapped.

use diwan_platform::{Outcome, Refusal};

/// The sum of amounts.
///
/// # Errors
/// `amount_overflow`.
pub(crate) fn sum(amounts: impl IntoIterator<Item = i64>) -> Outcome<i64> {
    fits(amounts.into_iter().map(i128::from).sum::<i128>())
}

/// A wide number or a count as an amount.
///
/// # Errors
/// `amount_overflow`.
pub(crate) fn fits(wide: impl TryInto<i64>) -> Outcome<i64> {
    wide.try_into().map_err(|_too_large| Refusal::rule("amount_overflow", []))
}
