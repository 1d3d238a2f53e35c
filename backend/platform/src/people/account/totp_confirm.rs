//! The first code: from now on sign-in asks for one.

use diwan_db::{Audit, WriteTx};
use diwan_platform_api::people::OneTimeCode;

use crate::{
    Actor, Outcome, Refusal, Secrets,
    people::session::{account, take_code},
};

/// Takes the first code.
///
/// # Errors
/// `bad_code` on `code`, also when nothing was enrolled; `totp_enabled` when codes are asked already.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, secrets: &Secrets, input: &OneTimeCode) -> Outcome<()> {
    let account = account(tx, actor.user_id)?;
    if account.totp_enabled() {
        return Err(Refusal::rule("totp_enabled", []));
    }
    if !take_code(tx, secrets, &account, &input.code)? {
        return Err(Refusal::field("code", "bad_code"));
    }
    tx.audit(Audit::of("user", account.id))?;
    Ok(())
}
