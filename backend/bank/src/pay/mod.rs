//! Orders to the bank (ملف الحوالات): the transfers of a run as ISO 20022 pain.001.001.09 and as a plain table. The same batch
//! always gives the same bytes.

mod pain;
mod plain;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime};

pub use pain::pain;
pub use plain::plain;

/// The longest identifier of a message, in characters.
pub const ID_MAX: usize = 35;
/// The longest name of a party.
const NAME_MAX: usize = 140;
/// The longest free words of a transfer.
const DETAILS_MAX: usize = 140;

/// Who pays, from which account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debtor {
    /// Its name.
    pub name: String,
    /// IBAN, clean.
    pub iban: String,
    /// The code of its bank (BIC); may be empty.
    pub bic: String,
}

/// One transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// By which payer, banks and payee know it; at most [`ID_MAX`] Latin letters, digits and signs.
    pub end_to_end: String,
    /// Minor units of the batch's currency, more than 0.
    pub amount: i64,
    /// Who is paid.
    pub name: String,
    /// IBAN, clean.
    pub iban: String,
    /// What it is for.
    pub details: String,
}

/// Transfers of one account that are ordered together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// By which the bank knows the message; as [`Transfer::end_to_end`].
    pub message: String,
    /// When it was made, UTC.
    pub made_at: NaiveDateTime,
    /// The day on which the bank is asked to pay.
    pub pay_on: NaiveDate,
    /// ISO 4217.
    pub currency: String,
    /// Decimals of the currency.
    pub scale: u8,
    /// Who pays.
    pub debtor: Debtor,
    /// The transfers, in their order.
    pub transfers: Vec<Transfer>,
}

/// Why a batch cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is no transfer in it.
    #[error("there is no transfer")]
    Empty,
    /// What identifies something has other characters than messages take, is empty or too long.
    #[error("{0:?} is no identifier")]
    Identifier(String),
    /// Two transfers have the same one.
    #[error("{0:?} identifies two transfers")]
    Twice(String),
    /// A name is empty.
    #[error("a name is missing")]
    Name,
    /// An amount is not more than 0, or the sum is too large.
    #[error("{0} is no amount")]
    Amount(i64),
}

impl Batch {
    /// What the transfers come to, in minor units; looks at everything that the forms depend on.
    ///
    /// # Errors
    /// See [`Fault`].
    pub fn check(&self) -> Result<i64, Fault> {
        if self.transfers.is_empty() {
            return Err(Fault::Empty);
        }
        words::identifier(&self.message)?;
        words::name(&self.debtor.name)?;
        let mut seen = BTreeSet::new();
        let mut sum = 0_i64;
        for one in &self.transfers {
            words::identifier(&one.end_to_end)?;
            words::name(&one.name)?;
            if !seen.insert(one.end_to_end.as_str()) {
                return Err(Fault::Twice(one.end_to_end.clone()));
            }
            if one.amount <= 0 {
                return Err(Fault::Amount(one.amount));
            }
            let more = sum.checked_add(one.amount).filter(|sum| *sum <= diwan_kernel::money::AMOUNT_MAX);
            sum = more.ok_or(Fault::Amount(one.amount))?;
        }
        Ok(sum)
    }
}
