//! Posting a document (ترحيل المستند): budget, books, state, number and seal, in this order, in the transaction of the last
//! who authorises.

pub(super) mod books;
mod budget;
mod canonical;
pub(super) mod draw;
mod registers;

use diesel::prelude::*;
use diwan_db::{Keep, WriteTx};
use diwan_finance_api::{DocumentKind, DocumentState};
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{
        RecordRow,
        numbers::{self, NewRegister},
        seals, state,
    },
    secrets::Secrets,
};
use diwan_schema::finance::finance_documents;

use super::{
    holder, reverse,
    store::{self, DocumentRow},
};
use crate::port;

/// What posting leaves in the document, in minor units of the base currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Posted {
    /// Its entry of the general ledger.
    pub(super) entry_id: Option<i64>,
    /// What other documents may draw on.
    pub(super) to_settle: i64,
    /// What is to be paid.
    pub(super) to_pay: i64,
}

/// Makes the document count.
///
/// # Errors
/// What the ledgers refuse: `budget_short`, `period_closed`, wrong lines; what it draws on is used up; what its holder may
/// not have.
pub(super) fn run(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    secrets: &Secrets,
    record: &RecordRow,
    document: &DocumentRow,
) -> Outcome<()> {
    let kind = document.kind()?;
    let lines = store::lines(tx, document.record_id)?;
    state::set(tx, record, DocumentState::Posted.code())?;
    let posted = if let Some(original) = document.reverses_id {
        // What was drawn of other modules' commitments, before the lines of the budget: posting takes them in this order.
        if kind == DocumentKind::PaymentVoucher && document.source_id.is_none() {
            port::give_back(tx, original)?;
        }
        reverse::post(tx, actor, document, original)?
    } else if kind.shape().accounts {
        if kind == DocumentKind::Advance {
            holder::take(tx, document)?;
        }
        books::post(tx, actor, document, &lines)?
    } else {
        budget::post(tx, actor, document, &lines)?
    };
    let now = tx.now();
    let unposted = finance_documents::table
        .filter(finance_documents::record_id.eq(document.record_id))
        .filter(finance_documents::posted_at.is_null());
    let set = diesel::update(unposted)
        .set((
            finance_documents::posted_at.eq(now),
            finance_documents::entry_id.eq(posted.entry_id),
            finance_documents::to_settle.eq(posted.to_settle),
            finance_documents::to_pay.eq(posted.to_pay),
        ))
        .kept()
        .execute(tx.conn())?;
    if set != 1 {
        return Err(Refusal::stale("finance_document", record.version, record.version));
    }
    let year = reverse::year_of(tx, document.year_id)?;
    let register = (document.agency_id, kind.code(), year);
    let number = numbers::take_of_year(tx, register, document.record_id, actor.user_id)?.display;
    let form = canonical::of(tx, actor, (record, document, &lines), (number, year))?;
    seals::seal(tx, secrets, document.agency_id, document.record_id, &form)?;
    Ok(())
}

/// The registers of an agency's documents: one a kind, and a year each.
///
/// # Errors
/// The database fails.
pub fn ensure_registers(tx: &mut WriteTx<'_>, agency_id: i64) -> Outcome<()> {
    let rows: Vec<[String; 4]> = DocumentKind::ALL
        .iter()
        .map(|kind| {
            let (ar, en, short) = register(*kind);
            [
                kind.code().to_owned(),
                format!("سجل {ar}"),
                format!("Register of {en}"),
                format!("{short}/{{year}}/{{seq}}"),
            ]
        })
        .collect();
    let wanted: Vec<NewRegister<'_>> = rows
        .iter()
        .map(|[code, ar, en, pattern]| (code.as_str(), ar.as_str(), en.as_str(), pattern.as_str()))
        .collect();
    numbers::ensure(tx, agency_id, &wanted)
}

/// What the register of a kind is called, and what its numbers begin with.
const fn register(kind: DocumentKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        DocumentKind::BudgetLaw => ("قوانين الموازنة", "budget laws", "ق م"),
        DocumentKind::Supplementary => ("ملاحق الموازنة", "supplementary budgets", "م م"),
        DocumentKind::Virement => ("المناقلات", "virements", "من"),
        DocumentKind::FinancialOrder => ("الأوامر المالية", "financial orders", "أم"),
        DocumentKind::Release => ("الحوالات المالية", "releases", "ح م"),
        DocumentKind::Freeze => ("التجميد", "freezes", "تج"),
        DocumentKind::Commitment => ("مستندات الالتزام", "commitments", "ل"),
        DocumentKind::PaymentVoucher => ("مستندات الصرف", "payment vouchers", "ص"),
        DocumentKind::Receipt => ("سندات القبض", "receipts", "ق"),
        DocumentKind::JournalVoucher => ("مستندات القيد", "journal vouchers", "قيد"),
        DocumentKind::Advance => ("السلف", "advances", "س"),
        DocumentKind::AdvanceSettlement => ("تسديدات السلف", "advance settlements", "ت س"),
        DocumentKind::Deposit => ("الأمانات", "deposits", "أ"),
        DocumentKind::DepositRefund => ("رد الأمانات", "deposit refunds", "ر أ"),
        DocumentKind::BankNotice => ("الإشعارات البنكية", "bank notices", "إ ش"),
        DocumentKind::PaymentRun => ("دفعات الصرف", "payment runs", "د ص"),
    }
}
