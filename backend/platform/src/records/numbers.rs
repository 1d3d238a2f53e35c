//! Numbers (الأرقام): gap-free per register and year, taken only when a record is issued; a voided one keeps its row.

use chrono::Datelike;
use diesel::prelude::*;
use diwan_db::{Keep, WriteTx, each_backend};
use diwan_schema::platform::{counters, numbers, records, registers};

use crate::{Actor, Outcome, Refusal};

/// A taken number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its place in the register of the year.
    pub seq: i64,
    /// As printed: `18/2026/412`.
    pub display: String,
}

/// Takes the next number of the agency's register for the record. Call it last: the counter row stays locked until
/// the transaction ends, and a rollback gives the number back.
///
/// # Errors
/// [`Refusal::Internal`] where the agency has no such register; the database fails.
pub fn take(tx: &mut WriteTx<'_>, agency_id: i64, register: &str, record_id: i64, by: i64) -> Outcome<Taken> {
    let year = tx.today().year();
    let (register_id, pattern): (i64, String) = registers::table
        .filter(registers::agency_id.eq(agency_id))
        .filter(registers::code.eq(register))
        .select((registers::id, registers::pattern))
        .first(tx.conn())
        .optional()?
        .ok_or_else(|| Refusal::Internal(format!("agency {agency_id} has no register {register}")))?;
    let seq: i64 = each_backend!(tx.conn(), c => diesel::insert_into(counters::table)
        .values((counters::register_id.eq(register_id), counters::year.eq(year), counters::last_seq.eq(1_i64)))
        .on_conflict((counters::register_id, counters::year))
        .do_update()
        .set(counters::last_seq.eq(counters::last_seq + 1))
        .returning(counters::last_seq)
        .kept()
        .get_result(c))?;
    let display = display(&pattern, year, seq);
    let now = tx.now();
    diesel::insert_into(numbers::table)
        .values((
            numbers::register_id.eq(register_id),
            numbers::year.eq(year),
            numbers::seq.eq(seq),
            numbers::record_id.eq(record_id),
            numbers::display.eq(&display),
            numbers::taken_at.eq(now),
            numbers::taken_by.eq(by),
        ))
        .execute(tx.conn())?;
    diesel::update(records::table.find(record_id))
        .set((records::number.eq(&display), records::issued_at.eq(now)))
        .kept()
        .execute(tx.conn())?;
    Ok(Taken { seq, display })
}

/// Voids the record's number; its row stays with who and why.
///
/// # Errors
/// A rule where the record has no number or it is void already.
pub fn void(tx: &mut WriteTx<'_>, actor: &Actor, record_id: i64, reason: &str) -> Outcome<()> {
    let now = tx.now();
    let voided =
        diesel::update(numbers::table.filter(numbers::record_id.eq(record_id)).filter(numbers::voided_at.is_null()))
            .set((numbers::voided_at.eq(now), numbers::voided_by.eq(actor.user_id), numbers::void_reason.eq(reason)))
            .kept()
            .execute(tx.conn())?;
    if voided == 1 { Ok(()) } else { Err(Refusal::rule("no_number_to_void", [])) }
}

/// Fills a register's pattern: `{year}`, `{seq}`; everything else stays.
fn display(pattern: &str, year: i32, seq: i64) -> String {
    pattern.replace("{year}", &year.to_string()).replace("{seq}", &seq.to_string())
}

/// Gives the agency the registers it lacks of the standard ones.
///
/// # Errors
/// The database fails.
pub fn ensure_registers(tx: &mut WriteTx<'_>, agency_id: i64, agency_code: &str) -> Outcome<()> {
    for (code, ar, en, pattern) in [
        ("outgoing", "سجل الصادر", "Outgoing register", format!("{agency_code}/{{year}}/{{seq}}")),
        ("incoming", "سجل الوارد", "Incoming register", "{year}/{seq}".to_owned()),
        ("memo", "سجل المذكرات الداخلية", "Memo register", format!("{agency_code}-م/{{year}}/{{seq}}")),
        ("archive", "سجل الأرشيف", "Archive register", "و/{year}/{seq}".to_owned()),
    ] {
        ensure_register(tx, agency_id, (code, &pattern), (ar, en))?;
    }
    Ok(())
}

/// Gives the agency a register if it has none of that code; `pattern` is filled with `{year}` and `{seq}`.
///
/// # Errors
/// The database fails.
pub fn ensure_register(
    tx: &mut WriteTx<'_>,
    agency_id: i64,
    (code, pattern): (&str, &str),
    (ar, en): (&str, &str),
) -> Outcome<()> {
    let row = (
        registers::agency_id.eq(agency_id),
        registers::code.eq(code),
        registers::name_ar.eq(ar),
        registers::name_en.eq(en),
        registers::pattern.eq(pattern),
    );
    each_backend!(tx.conn(), c => diesel::insert_into(registers::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}
