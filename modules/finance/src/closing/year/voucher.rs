//! The documents that the end of a year makes: the voucher of the closing entry, and commitments of the next year. Those who
//! prepared and confirmed the end stand for their approvals.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_finance_api::{BASE_CURRENCY, DocumentKind, DocumentState, NominalAccount, PayMethod, RATE_ONE};
use diwan_kernel::{Named, Priority, Secrecy};
use diwan_platform::{
    Actor, Outcome, actor as principals,
    records::{self, CHANGED, NewRecord, access, numbers, seals, store as spine},
    secrets::Secrets,
};
use diwan_schema::finance::{finance_documents, finance_lines};

use super::{nominal, store::Year};
use crate::{
    amounts,
    ledger::{self, Entry, LINES_MAX},
};

/// What a record says.
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) party: String,
    pub(super) due_on: Option<NaiveDate>,
}

/// A posted document that waits for its number and its seal.
pub(super) struct Posted {
    pub(super) record_id: i64,
    pub(super) kind: DocumentKind,
    pub(super) year: i32,
    pub(super) day: NaiveDate,
    pub(super) content: serde_json::Value,
}

/// The record of a document that counts from the beginning.
///
/// # Errors
/// The database fails.
pub(super) fn record(tx: &mut WriteTx<'_>, actor: &Actor, kind: DocumentKind, words: &Words) -> Outcome<i64> {
    let new = NewRecord {
        agency_id: actor.agency_id,
        unit_id: actor.units().next(),
        kind: kind.code().parse()?,
        subject: words.subject.clone(),
        party: words.party.clone(),
        state: DocumentState::Posted.code(),
        secrecy: Secrecy::Normal,
        caveats: Vec::new(),
        priority: Priority::Normal,
        due_on: words.due_on,
        class_code: None,
        created_by: actor.user_id,
    };
    let id = records::create(tx, &new)?;
    access::grant(tx, id, &[principals::finance(actor.agency_id)])?;
    Ok(id)
}

/// The voucher of the closing entry, without its lines yet; answers its record.
///
/// # Errors
/// The database fails.
pub(super) fn begin(tx: &mut WriteTx<'_>, actor: &Actor, year: &Year, total: i64) -> Outcome<i64> {
    let words = Words {
        subject: format!("قيد إقفال السنة المالية {}", year.year), party: String::new(), due_on: None
    };
    let id = record(tx, actor, DocumentKind::JournalVoucher, &words)?;
    diesel::insert_into(finance_documents::table)
        .values((
            (finance_documents::record_id.eq(id), finance_documents::agency_id.eq(year.agency_id)),
            (finance_documents::year_id.eq(year.id), finance_documents::kind.eq(DocumentKind::JournalVoucher.code())),
            (finance_documents::effective_on.eq(year.ends_on), finance_documents::complementary.eq(true)),
            (finance_documents::currency.eq(BASE_CURRENCY), finance_documents::rate.eq(RATE_ONE)),
            (finance_documents::amount.eq(total), finance_documents::base_amount.eq(total)),
            finance_documents::reference.eq(""),
            (finance_documents::method.eq(PayMethod::None.code()), finance_documents::round.eq(0)),
            (finance_documents::to_settle.eq(0_i64), finance_documents::to_pay.eq(0_i64)),
        ))
        .execute(tx.conn())?;
    Ok(id)
}

/// How much the voucher of these accounts moves: the larger of its sides, since the account of the result takes the difference.
///
/// # Errors
/// It does not fit.
pub(super) fn total(accounts: &[NominalAccount]) -> Outcome<i64> {
    let side = |sign: i64| -> i128 {
        accounts.iter().map(|one| i128::from(one.balance) * i128::from(sign)).filter(|one| *one > 0).sum()
    };
    amounts::fits(side(1).max(side(-1)))
}

/// Posts the closing entry, in as many parts as its lines need; answers the first.
///
/// # Errors
/// What posting refuses; the database fails.
pub(super) fn post(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    year: &Year,
    (record_id, surplus_account): (i64, i64),
) -> Outcome<Option<i64>> {
    let balances = nominal::balances(tx, year.id)?;
    let mut first = None;
    // A combination takes two lines at most, and each part has those of the result.
    for part in balances.chunks(LINES_MAX / 2 - 100) {
        let entry = Entry {
            agency_id: year.agency_id,
            record_id,
            kind: DocumentKind::JournalVoucher,
            effective_on: year.ends_on,
            complementary: true,
            reverses: None,
            lines: nominal::lines(part, surplus_account, "إقفال")?,
            spends: Vec::new(),
        };
        let entry_id = ledger::post_closing(tx, actor.user_id, &entry)?;
        first = first.or(Some(entry_id));
    }
    Ok(first)
}

/// Writes the lines of the voucher, one for each account, and makes it posted. The whole entry stands in the journal.
///
/// # Errors
/// The database fails.
pub(super) fn end(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    year: &Year,
    (record_id, entry_id): (i64, Option<i64>),
    (accounts, surplus_account): (&[NominalAccount], i64),
) -> Outcome<Posted> {
    let left = amounts::sum(accounts.iter().map(|one| one.balance))?;
    let lines = accounts.iter().map(|one| (one.account.id, -one.balance)).chain([(surplus_account, left)]);
    for (seq, (account, net)) in (1_i32..).zip(lines.filter(|(_, net)| *net != 0)) {
        let amount = amounts::fits(i128::from(net).abs())?;
        diesel::insert_into(finance_lines::table)
            .values((
                (finance_lines::record_id.eq(record_id), finance_lines::seq.eq(seq)),
                (finance_lines::agency_id.eq(year.agency_id), finance_lines::account_id.eq(account)),
                finance_lines::side.eq(if net > 0 { "debit" } else { "credit" }),
                (finance_lines::amount.eq(amount), finance_lines::base_amount.eq(amount)),
                (finance_lines::open.eq(0_i64), finance_lines::note.eq("")),
            ))
            .execute(tx.conn())?;
    }
    let now = tx.now();
    diesel::update(finance_documents::table.find(record_id))
        .set((finance_documents::posted_at.eq(now), finance_documents::entry_id.eq(entry_id)))
        .execute(tx.conn())?;
    tx.audit(Audit::of_record(record_id).detail(serde_json::json!({ "year_end": year.year })))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(record_id), &())?;
    let of_account = |one: &NominalAccount| (one.account.code.clone(), one.balance);
    let content = serde_json::json!({
        "kind": "journal_voucher",
        "year_end": year.year,
        "result": -left,
        "accounts": accounts.iter().map(of_account).collect::<Vec<_>>(),
    });
    Ok(Posted { record_id, kind: DocumentKind::JournalVoucher, year: year.year, day: year.ends_on, content })
}

/// Gives a posted document its number and its seal.
///
/// # Errors
/// The agency's key cannot be opened; the database fails.
pub(super) fn number(tx: &mut WriteTx<'_>, secrets: &Secrets, actor: &Actor, posted: Posted) -> Outcome<()> {
    let agency_id = actor.agency_id;
    let register = (agency_id, posted.kind.code(), posted.year);
    let number = numbers::take_of_year(tx, register, posted.record_id, actor.user_id)?.display;
    let (agency_code, agency) = seals::agency(tx, agency_id)?;
    let record = spine::load_for_system(tx, posted.record_id)?;
    let recipient = Some(record.party).filter(|party| !party.is_empty());
    let form = seals::Canonical {
        v: 1,
        agency_code,
        agency,
        number,
        date: posted.day,
        subject: record.subject,
        recipients: recipient.map(|ar| Named { ar, en: String::new() }).into_iter().collect(),
        content: posted.content,
        files: Vec::new(),
        signed_by: Named { ar: actor.name_ar.clone(), en: actor.name_en.clone() },
        signed_for: None,
    };
    seals::seal(tx, secrets, agency_id, posted.record_id, &form)?;
    Ok(())
}
