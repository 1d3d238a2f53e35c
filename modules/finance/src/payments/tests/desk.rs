//! A treasury to test with: an office whose vouchers are posted, a bank account, who pays and who approves.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::Db;
use diwan_extract::Sniffed;
use diwan_finance_api::{
    AddPayments, AddedPayments, ChequeBookInput, ChequeInput, ChequeStep, DocumentKind, ExecutePayments, PayMethod,
    PaymentItem, PaymentItemQuery, PaymentReason, PaymentRun, PaymentRunInput, ReturnPayments,
};
use diwan_kernel::Permission;
use diwan_platform::{Actor, Outcome, Refusal, files::Stored, secrets::Secrets};
use diwan_schema::finance::{accounts, bank_accounts, finance_documents, line_cash, parties, period_balances};
use diwan_testkit::give_right;
use sha2::{Digest, Sha256};

use crate::{
    documents::tests::office::{GOODS, Office},
    ledger::tests::books::{act, day, sql},
    payments,
};

pub(super) const IBAN: &str = "JO94CBJO0010000000000131000302";
/// The day of the tests.
pub(super) const TODAY: &str = "2026-11-01";

pub(super) struct Desk {
    pub(super) office: Office,
    /// Makes runs and issues cheques.
    pub(super) payer: Actor,
    /// The bank account.
    pub(super) bank: i64,
}

pub(super) fn today() -> NaiveDate {
    day(TODAY)
}

/// What the store of files says of bytes.
pub(super) fn stored(bytes: &[u8]) -> Stored {
    let hash = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let sniffed = Sniffed { media_type: "text/plain".into(), extension: "xml".into(), matches_name: true };
    Stored { hash, size: bytes.len() as u64, sniffed }
}

impl Desk {
    /// A treasury with 1,000 dinars for goods, of which this much is released.
    pub(super) fn on(db: Db, released: &str) -> Self {
        let office = Office::on(db);
        let head = office.world.mof.users["head"];
        for right in [Permission::FinanceRead, Permission::FinancePay] {
            give_right(&office.db, head, right);
        }
        let payer = office.world.mof.actor(&office.db, "head");
        office.allot(&[(GOODS, "1000")]);
        office.posted(&office.input(DocumentKind::Release, &[("", GOODS, released, "")]));
        let bank = act(&office.db, &payer, |tx| bank_account(tx, &payer, ("1", "620201", IBAN))).unwrap();
        let desk = Self { office, payer, bank };
        desk.iban(desk.office.supplier, IBAN);
        desk
    }

    pub(super) fn db(&self) -> &Db {
        &self.office.db
    }

    /// Gives a party an IBAN, whatever its form checks.
    pub(super) fn iban(&self, party: i64, iban: &str) {
        sql(self.db(), &format!("UPDATE parties SET iban = '{iban}' WHERE id = {party}")).unwrap();
    }

    /// A party that is paid, and who of the office it is.
    pub(super) fn party(&self, code: &str, user_id: Option<i64>) -> i64 {
        act(self.db(), &self.payer, |tx| {
            Ok(diesel::insert_into(parties::table)
                .values((
                    (parties::agency_id.eq(self.payer.agency_id), parties::kind.eq("supplier"), parties::code.eq(code)),
                    (parties::name_ar.eq("مؤسسة الريادة"), parties::name_en.eq(""), parties::fold.eq("مؤسسه الرياده")),
                    (parties::tax_number.eq(""), parties::national_number.eq(""), parties::iban.eq(IBAN)),
                    (parties::user_id.eq(user_id), parties::active.eq(true), parties::version.eq(1_i64)),
                ))
                .returning(parties::id)
                .get_result(tx.conn())?)
        })
        .unwrap()
    }

    /// A posted voucher of goods.
    pub(super) fn voucher(&self, amount: &str) -> i64 {
        self.voucher_by(PayMethod::Transfer, &[("2219", GOODS, amount, "")])
    }

    pub(super) fn voucher_by(&self, method: PayMethod, lines: &[(&str, &str, &str, &str)]) -> i64 {
        let mut input = self.office.input(DocumentKind::PaymentVoucher, lines);
        input.method = method;
        self.office.posted(&input)
    }

    pub(super) fn begin(&self) -> i64 {
        self.begin_by(&self.payer).unwrap()
    }

    pub(super) fn begin_by(&self, actor: &Actor) -> Outcome<i64> {
        let input =
            PaymentRunInput {
                bank_account_id: self.bank, subject: "دفعة الموردين".to_owned(), pay_on: today()
            };
        act(self.db(), actor, |tx| payments::begin(tx, actor, &input))
    }

    pub(super) fn add(&self, run: i64, documents: &[i64]) -> AddedPayments {
        self.add_by(&self.payer, run, documents).unwrap()
    }

    pub(super) fn add_by(&self, actor: &Actor, run: i64, documents: &[i64]) -> Outcome<AddedPayments> {
        let input = AddPayments { documents: documents.to_vec(), all: None };
        act(self.db(), actor, |tx| payments::add(tx, actor, run, &input))
    }

    pub(super) fn remove(&self, run: i64, items: &[i64]) -> Outcome<()> {
        act(self.db(), &self.payer, |tx| payments::remove(tx, &self.payer, run, items))
    }

    pub(super) fn view(&self, run: i64) -> PaymentRun {
        self.db().read_now(|tx| payments::view(tx, &self.payer, run)).unwrap()
    }

    pub(super) fn items(&self, run: i64) -> Vec<PaymentItem> {
        let query = PaymentItemQuery::default();
        self.db().read_now(|tx| payments::run::items::list(tx, &self.payer, run, &query)).unwrap().items
    }

    pub(super) fn approve(&self, actor: &Actor, run: i64) -> Outcome<()> {
        let (version, secrets) = (self.view(run).version, Secrets::from_key([0; 32]));
        act(self.db(), actor, |tx| payments::approve(tx, &secrets, actor, run, version))
    }

    pub(super) fn void(&self, run: i64) -> Outcome<()> {
        let (version, reason) = (self.view(run).version, PaymentReason { reason: "خطأ".to_owned() });
        act(self.db(), &self.payer, |tx| payments::void(tx, &self.payer, run, version, &reason))
    }

    /// Makes the files and marks the run as sent; answers the message.
    pub(super) fn send(&self, run: i64) -> Outcome<Vec<u8>> {
        self.send_by(&self.payer, run)
    }

    pub(super) fn send_by(&self, actor: &Actor, run: i64) -> Outcome<Vec<u8>> {
        let version = self.view(run).version;
        let made = self.db().read_now(|tx| payments::files(tx, actor, run, version))?;
        let (pain, csv) = (stored(&made.pain), stored(&made.csv));
        act(self.db(), actor, |tx| payments::send(tx, actor, (run, version), (&pain, &csv)))?;
        Ok(made.pain)
    }

    pub(super) fn execute(&self, run: i64, items: &[i64]) -> Outcome<()> {
        let input = ExecutePayments { on: today(), items: items.to_vec() };
        act(self.db(), &self.payer, |tx| payments::execute(tx, &self.payer, run, &input))
    }

    pub(super) fn reject(&self, run: i64, items: &[i64]) -> Outcome<()> {
        let input = ReturnPayments { on: today(), items: items.to_vec(), reason: "حساب مغلق".to_owned() };
        act(self.db(), &self.payer, |tx| payments::reject(tx, &self.payer, run, &input))
    }

    pub(super) fn give_back(&self, run: i64, items: &[i64]) -> Outcome<()> {
        let input = ReturnPayments { on: today(), items: items.to_vec(), reason: "حساب مغلق".to_owned() };
        act(self.db(), &self.payer, |tx| payments::give_back(tx, &self.payer, run, &input))
    }

    /// A run of these documents that is approved and sent.
    pub(super) fn sent(&self, documents: &[i64]) -> i64 {
        let run = self.begin();
        let added = self.add(run, documents);
        assert!(added.refused.is_empty(), "{:?}", added.refused);
        self.approve(&self.office.director, run).unwrap();
        self.send(run).unwrap();
        run
    }

    /// What is open of a document, in the base currency.
    pub(super) fn open(&self, document: i64) -> i64 {
        self.db()
            .read_now(|tx| {
                let open = finance_documents::table.find(document).select(finance_documents::to_pay);
                Ok::<_, Refusal>(open.first(tx.conn())?)
            })
            .unwrap()
    }

    /// Cash used of the one line that has any released.
    pub(super) fn used(&self) -> i64 {
        self.db().read_now(|tx| Ok::<_, Refusal>(line_cash::table.select(line_cash::used).first(tx.conn())?)).unwrap()
    }

    /// Cash of all lines: released, ordered by runs, used.
    pub(super) fn line_cash(&self) -> (i64, i64, i64) {
        let rows = line_cash::table.select((line_cash::released, line_cash::ordered, line_cash::used));
        let rows: Vec<(i64, i64, i64)> = self.db().read_now(|tx| Ok::<_, Refusal>(rows.load(tx.conn())?)).unwrap();
        rows.into_iter().fold((0, 0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1, sum.2 + row.2))
    }

    /// What the books say of an account: debits less credits.
    pub(super) fn balance(&self, code: &str) -> i64 {
        let sums: Vec<(i64, i64)> = self
            .db()
            .read_now(|tx| {
                Ok::<_, Refusal>(
                    period_balances::table
                        .inner_join(accounts::table.on(accounts::id.eq(period_balances::account_id)))
                        .filter(accounts::code.eq(code))
                        .select((period_balances::base_debit, period_balances::base_credit))
                        .load(tx.conn())?,
                )
            })
            .unwrap();
        sums.into_iter().map(|(debit, credit)| debit - credit).sum()
    }

    pub(super) fn book(&self, series: &str, (first, last): (i64, i64)) -> Outcome<i64> {
        let input = ChequeBookInput { bank_account_id: self.bank, series: series.to_owned(), first, last };
        act(self.db(), &self.payer, |tx| payments::open_book(tx, &self.payer, &input))
    }

    pub(super) fn issue(&self, book_id: i64, document_id: i64) -> Outcome<i64> {
        let input = ChequeInput { book_id, document_id, on: today() };
        act(self.db(), &self.payer, |tx| payments::issue(tx, &self.payer, &input))
    }
}

/// A step of a cheque today.
pub(super) fn step(note: &str) -> ChequeStep {
    ChequeStep { on: today(), note: note.to_owned() }
}

/// A bank account on an account of the chart.
pub(super) fn bank_account(
    tx: &mut diwan_db::WriteTx<'_>,
    actor: &Actor,
    (code, account, iban): (&str, &str, &str),
) -> Outcome<i64> {
    let account: (i64, Option<String>) = accounts::table
        .filter(accounts::agency_id.eq(actor.agency_id))
        .filter(accounts::code.eq(account))
        .select((accounts::id, accounts::currency))
        .first(tx.conn())?;
    Ok(diesel::insert_into(bank_accounts::table)
        .values((
            (bank_accounts::agency_id.eq(actor.agency_id), bank_accounts::account_id.eq(account.0)),
            (bank_accounts::code.eq(code), bank_accounts::name_ar.eq("الخزينة"), bank_accounts::name_en.eq("")),
            (bank_accounts::bic.eq("CBJOJOAX"), bank_accounts::number.eq(""), bank_accounts::iban.eq(iban)),
            (bank_accounts::currency.eq(account.1.unwrap_or_else(|| "JOD".to_owned())), bank_accounts::active.eq(true)),
            bank_accounts::version.eq(1_i64),
        ))
        .returning(bank_accounts::id)
        .get_result(tx.conn())?)
}
