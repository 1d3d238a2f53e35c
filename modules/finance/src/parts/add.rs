//! Adding to the lists of the setup without a form: for whoever sets a whole agency up at once.

use diwan_db::WriteTx;
use diwan_finance_api::{BankAccountInput, CentreInput, PartyInput, RateInput, VirementRuleInput};
use diwan_platform::{Actor, Outcome};

use super::part;

/// Adds a party; answers its id.
///
/// # Errors
/// Every wrong field.
pub fn party(tx: &mut WriteTx<'_>, actor: &Actor, input: &PartyInput) -> Outcome<i64> {
    Ok(part::create(tx, actor, input)?.id)
}

/// Adds a cost centre; answers its id.
///
/// # Errors
/// Every wrong field.
pub fn centre(tx: &mut WriteTx<'_>, actor: &Actor, input: &CentreInput) -> Outcome<i64> {
    Ok(part::create(tx, actor, input)?.id)
}

/// Adds a bank account; answers its id.
///
/// # Errors
/// Every wrong field.
pub fn bank_account(tx: &mut WriteTx<'_>, actor: &Actor, input: &BankAccountInput) -> Outcome<i64> {
    Ok(part::create(tx, actor, input)?.id)
}

/// Adds a rate; answers its id.
///
/// # Errors
/// Every wrong field.
pub fn rate(tx: &mut WriteTx<'_>, actor: &Actor, input: &RateInput) -> Outcome<i64> {
    Ok(part::create(tx, actor, input)?.id)
}

/// Adds a rule of virement; answers its id.
///
/// # Errors
/// Every wrong field.
pub fn virement_rule(tx: &mut WriteTx<'_>, actor: &Actor, input: &VirementRuleInput) -> Outcome<i64> {
    Ok(part::create(tx, actor, input)?.id)
}
