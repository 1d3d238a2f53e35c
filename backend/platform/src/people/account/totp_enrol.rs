//! A new TOTP secret, which counts only once a first code is confirmed.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_platform_api::people::TotpEnrolment;
use diwan_schema::platform::users;
use qrcode::{EcLevel, QrCode, render::svg};

use crate::{
    Actor, Outcome, Refusal, Secrets,
    people::{
        session::{account, totp_purpose},
        totp,
    },
};

/// Makes the secret.
///
/// # Errors
/// `totp_enabled` when codes are asked already: they are switched off first.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, secrets: &Secrets) -> Outcome<TotpEnrolment> {
    let account = account(tx, actor.user_id)?;
    if account.totp_enabled() {
        return Err(Refusal::rule("totp_enabled", []));
    }
    let secret = totp::new_secret()?;
    let sealed = secrets.seal(&totp_purpose(account.id), &secret)?;
    diesel::update(users::table.find(account.id))
        .set((users::totp_secret.eq(sealed), users::totp_last_step.eq(None::<i64>)))
        .execute(tx.conn())?;
    tx.audit(Audit::of("user", account.id))?;
    let secret = totp::base32(&secret);
    let uri = format!("otpauth://totp/Diwan:{}?secret={secret}&issuer=Diwan", account.username);
    let code = QrCode::with_error_correction_level(&uri, EcLevel::M)
        .map_err(|error| Refusal::Internal(format!("no QR code: {error}")))?;
    Ok(TotpEnrolment { qr_svg: code.render::<svg::Color<'_>>().min_dimensions(192, 192).build(), uri, secret })
}
