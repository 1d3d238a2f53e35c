//! The seal (الختم الإلكتروني): an issued record's canonical form, signed with its agency's key.
//!
//! The canonical form is JSON with sorted keys, so that anybody can make the same bytes again; the signature is
//! ECDSA P-256 over it (FIPS 186-5), with the agency's self-signed X.509 certificate beside it.

use base64::{Engine, engine::general_purpose::STANDARD};
use diesel::prelude::*;
use diwan_db::{Keep, ReadTx, WriteTx};
use diwan_kernel::Named;
use diwan_platform_api::records::SealView;
use diwan_schema::platform::{agencies, agency_keys, attachments, numbers, seals};
use p256::{
    ecdsa::{Signature, VerifyingKey, signature::Verifier},
    pkcs8::DecodePublicKey,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    Outcome, Refusal,
    secrets::{Secrets, random},
};

/// Letters and digits of verify codes: none that are taken for another (Crockford's base 32).
const CODE_LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What is sealed. Files stand in it by name and hash.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Canonical {
    /// Version of this form.
    pub v: u32,
    /// The issuing agency's code.
    pub agency_code: String,
    /// The issuing agency.
    pub agency: Named,
    /// The number.
    pub number: String,
    /// The day of issue.
    pub date: chrono::NaiveDate,
    /// The subject.
    pub subject: String,
    /// Whom it goes to, originals and copies.
    pub recipients: Vec<Named>,
    /// The record's own content, as stored.
    pub content: serde_json::Value,
    /// Attached files.
    pub files: Vec<SealedFile>,
    /// Who signed, as printed.
    pub signed_by: Named,
    /// For whom, under a delegation.
    pub signed_for: Option<Named>,
}

/// A file inside a seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedFile {
    /// Its name.
    pub name: String,
    /// SHA-256, hex.
    pub sha256: String,
}

/// What the print needs of a seal.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// The code under the QR.
    pub verify_code: String,
    /// SHA-256 of the canonical form, hex.
    pub hash: String,
    /// The signature, base64 DER.
    pub signature: String,
}

/// The files of a record that its seal stands for.
///
/// # Errors
/// The database fails.
pub fn files(tx: &mut ReadTx<'_>, record_id: i64) -> Outcome<Vec<SealedFile>> {
    let files: Vec<(String, String)> = attachments::table
        .filter(attachments::record_id.eq(record_id))
        .filter(attachments::removed_at.is_null())
        .filter(attachments::role.eq("attachment"))
        .select((attachments::file_name, attachments::blob_hash))
        .order(attachments::id)
        .kept()
        .load(tx.conn())?;
    Ok(files.into_iter().map(|(name, sha256)| SealedFile { name, sha256 }).collect())
}

/// Code and name of the agency that seals.
///
/// # Errors
/// The database fails.
pub fn agency(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<(String, Named)> {
    let (code, ar, en): (String, String, String) = agencies::table
        .find(agency_id)
        .select((agencies::code, agencies::name_ar, agencies::name_en))
        .kept()
        .get_result(tx.conn())?;
    Ok((code, Named { ar, en }))
}

/// The key in use of the agency, with its private part as it is stored: encrypted. Made where there is none.
///
/// # Errors
/// No entropy; the database fails.
pub fn ensure_key(tx: &mut WriteTx<'_>, secrets: &Secrets, agency_id: i64) -> Outcome<(i64, Vec<u8>)> {
    let have: Option<(i64, Vec<u8>)> = agency_keys::table
        .filter(agency_keys::agency_id.eq(agency_id))
        .filter(agency_keys::retired_at.is_null())
        .select((agency_keys::id, agency_keys::private_key_sealed))
        .order(agency_keys::id.desc())
        .first(tx.conn())
        .optional()?;
    if let Some(key) = have {
        return Ok(key);
    }
    let code: String = agencies::table.find(agency_id).select(agencies::code).first(tx.conn())?;
    let name_en: String = agencies::table.find(agency_id).select(agencies::name_en).first(tx.conn())?;
    let failed = |error: rcgen::Error| Refusal::Internal(format!("cannot make a key: {error}"));
    let key = rcgen::KeyPair::generate().map_err(failed)?;
    let mut params = rcgen::CertificateParams::new(Vec::new()).map_err(failed)?;
    params.distinguished_name.push(rcgen::DnType::CommonName, name_en);
    params.distinguished_name.push(rcgen::DnType::OrganizationName, code);
    let certificate = params.self_signed(&key).map_err(failed)?;
    let private = secrets.seal(&purpose(agency_id), &key.serialize_der())?;
    let now = tx.now();
    let id = diesel::insert_into(agency_keys::table)
        .values((
            agency_keys::agency_id.eq(agency_id),
            agency_keys::certificate_pem.eq(certificate.pem()),
            agency_keys::public_key_pem.eq(key.public_key_pem()),
            agency_keys::private_key_sealed.eq(&private),
            agency_keys::created_at.eq(now),
        ))
        .returning(agency_keys::id)
        .get_result(tx.conn())?;
    Ok((id, private))
}

/// The key that an agency seals with, as others check by it: its id and its public part (PEM); none before its first seal.
///
/// # Errors
/// The database fails.
pub fn public_key(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Option<(i64, String)>> {
    Ok(agency_keys::table
        .filter(agency_keys::agency_id.eq(agency_id))
        .filter(agency_keys::retired_at.is_null())
        .select((agency_keys::id, agency_keys::public_key_pem))
        .order(agency_keys::id.desc())
        .first(tx.conn())
        .optional()?)
}

/// Signs a text with the key in use of the agency; answers the key's id and the signature, base64 DER.
///
/// # Errors
/// The agency's key cannot be opened; the database fails.
pub fn sign(tx: &mut WriteTx<'_>, secrets: &Secrets, agency_id: i64, text: &str) -> Outcome<(i64, String)> {
    let (key_id, stored) = ensure_key(tx, secrets, agency_id)?;
    Ok((key_id, STANDARD.encode(secrets.sign(&purpose(agency_id), &stored, text.as_bytes())?)))
}

/// Seals a record that has just taken its number.
///
/// # Errors
/// The agency's key cannot be opened; the database fails.
pub fn seal(
    tx: &mut WriteTx<'_>,
    secrets: &Secrets,
    agency_id: i64,
    record_id: i64,
    form: &Canonical,
) -> Outcome<Sealed> {
    let canonical = serde_json::to_value(form)?.to_string();
    let (key_id, signature) = sign(tx, secrets, agency_id, &canonical)?;
    let sealed = Sealed { verify_code: new_code()?, hash: hex(&Sha256::digest(canonical.as_bytes())), signature };
    let now = tx.now();
    diesel::insert_into(seals::table)
        .values((
            seals::record_id.eq(record_id),
            seals::key_id.eq(key_id),
            seals::canonical.eq(canonical),
            seals::hash.eq(&sealed.hash),
            seals::signature.eq(&sealed.signature),
            seals::verify_code.eq(&sealed.verify_code),
            seals::sealed_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(sealed)
}

/// The seal of a record, if it has one.
///
/// # Errors
/// The database fails.
pub fn of_record(tx: &mut ReadTx<'_>, record_id: i64) -> Outcome<Option<Sealed>> {
    let row: Option<(String, String, String)> = seals::table
        .find(record_id)
        .select((seals::verify_code, seals::hash, seals::signature))
        .first(tx.conn())
        .optional()?;
    Ok(row.map(|(verify_code, hash, signature)| Sealed { verify_code, hash, signature }))
}

/// What anybody may know who holds the code: number, date, agencies, and whether seal and stored record agree.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown code.
pub fn verify(tx: &mut ReadTx<'_>, code: &str) -> Outcome<SealView> {
    let code = normal_code(code);
    let row: (i64, i64, String, String, String, chrono::NaiveDateTime) = seals::table
        .filter(seals::verify_code.eq(&code))
        .select((seals::record_id, seals::key_id, seals::canonical, seals::hash, seals::signature, seals::sealed_at))
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("seal"))?;
    let (record_id, key_id, canonical, hash, signature, sealed_at) = row;
    let (certificate, public): (String, String) = agency_keys::table
        .find(key_id)
        .select((agency_keys::certificate_pem, agency_keys::public_key_pem))
        .first(tx.conn())?;
    let form: Canonical = serde_json::from_str(&canonical)?;
    let number: Option<(String, Option<chrono::NaiveDateTime>)> = numbers::table
        .filter(numbers::record_id.eq(record_id))
        .select((numbers::display, numbers::voided_at))
        .first(tx.conn())
        .optional()?;
    let same_number = number.as_ref().is_some_and(|(display, _)| *display == form.number);
    let valid =
        same_number && hex(&Sha256::digest(canonical.as_bytes())) == hash && is_signed(&public, &canonical, &signature);
    Ok(SealView {
        number: form.number,
        date: form.date,
        agency: form.agency,
        recipients: form.recipients,
        verify_code: code,
        hash,
        signature,
        certificate,
        sealed_at,
        valid,
        voided: number.is_some_and(|(_, voided)| voided.is_some()),
    })
}

/// Whether `signature` (base64 DER) over `canonical` was made with the key of `public_pem`.
pub fn is_signed(public_pem: &str, canonical: &str, signature: &str) -> bool {
    let Ok(key) = VerifyingKey::from_public_key_pem(public_pem) else { return false };
    let Ok(bytes) = STANDARD.decode(signature) else { return false };
    let Ok(signature) = Signature::from_der(&bytes) else { return false };
    key.verify(canonical.as_bytes(), &signature).is_ok()
}

/// A new code: 60 random bits as `XXXX-XXXX-XXXX`.
fn new_code() -> Outcome<String> {
    let letters: Vec<u8> = random::<12>()?.iter().map(|byte| CODE_LETTERS[usize::from(byte & 31)]).collect();
    Ok(letters.chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-"))
}

/// A code as people type it: any case, with or without dashes, O for 0 and I or L for 1.
fn normal_code(typed: &str) -> String {
    let letters: Vec<char> = typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        })
        .collect();
    letters.chunks(4).map(|chunk| chunk.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// What the private key of an agency is encrypted for.
fn purpose(agency_id: i64) -> String {
    format!("agency.key:{agency_id}")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
