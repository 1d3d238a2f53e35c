//! The treasurer's work: payments by transfer, the statements of the central bank, their matching, reconciliations.

use bytes::Bytes;
use chrono::{Months, NaiveDate};
use diesel::prelude::*;
use diwan_finance::{bank, payments};
use diwan_finance_api::{
    AcceptMatches, AddPayments, ChequeBookInput, ChequeInput, ChequeState, ChequeStep, DeskQuery, DocumentKind,
    ExecutePayments, NewReconciliation, PayableQuery, PaymentRunInput, StatementQuery,
};
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::{accounts, cheques, entry_lines};

use super::{
    Money, People,
    setup::{BANK, NUMBER, Opened},
    version,
};

/// A line of the books: day, what came in (more than 0) or went out, narrative.
type Booked = (NaiveDate, i64, String);

impl Money<'_> {
    /// Pays by transfer all that is due, refunds of deposits out of their own account.
    pub(super) fn pay(&self, last: bool) -> Outcome<()> {
        let Opened { account, trust, .. } = self.opened()?;
        self.transfer((*account, "دفعة صرف"), last)?;
        let refunds = PayableQuery { kind: Some(DocumentKind::DepositRefund), ..PayableQuery::default() };
        let due = self.db.read_now(|tx| payments::payable(tx, &self.people.treasurer, &refunds))?;
        if due.items.is_empty() { Ok(()) } else { self.transfer((*trust, "رد أمانات"), false) }
    }

    /// A run of what an account pays: prepared by the treasurer, approved by the manager, executed by the bank.
    fn transfer(&self, (account, subject): (i64, &str), last: bool) -> Outcome<()> {
        let People { treasurer, manager, .. } = &self.people;
        let id = self.act(treasurer, "finance.payment_run.create", |tx| {
            let today = tx.today();
            let input = PaymentRunInput {
                bank_account_id: account,
                subject: format!("{subject} {}", today.format("%Y/%m")),
                pay_on: today,
            };
            let id = payments::begin(tx, treasurer, &input)?;
            let due = PayableQuery { currency: Some("JOD".to_owned()), ..PayableQuery::default() };
            payments::add(tx, treasurer, id, &AddPayments { documents: Vec::new(), all: Some(due) })?;
            Ok(id)
        })?;
        self.act(manager, "finance.payment_run.approve", |tx| {
            let version = version(tx, id)?;
            payments::approve(tx, self.secrets, manager, id, version)
        })?;
        if last {
            return Ok(());
        }
        let files = self.db.read_now(|tx| {
            let version = version(tx, id)?;
            payments::files(tx, treasurer, id, version)
        })?;
        let save = |bytes: Vec<u8>, name: String| {
            self.runtime.block_on(self.blobs.save(Bytes::from(bytes), &name)).map_err(Refusal::from)
        };
        let pain = save(files.pain, format!("{}.xml", files.name))?;
        let csv = save(files.csv, format!("{}.csv", files.name))?;
        self.act(treasurer, "finance.payment_run.send", |tx| {
            let version = version(tx, id)?;
            payments::send(tx, treasurer, (id, version), (&pain, &csv))
        })?;
        self.act(treasurer, "finance.payment_run.execute", |tx| {
            let input = ExecutePayments { on: tx.today(), items: Vec::new() };
            payments::execute(tx, treasurer, id, &input)
        })
    }

    /// Writes the next cheque of the book for a paper, and hands it over.
    pub(super) fn write_cheque(&mut self, name: &str) -> Outcome<()> {
        let (document_id, account) = (self.record(name)?, self.opened()?.account);
        let treasurer = &self.people.treasurer;
        let book_id = match self.book {
            Some(book) => book,
            None => self.act(treasurer, "finance.cheque_book.create", |tx| {
                let input =
                    ChequeBookInput { bank_account_id: account, series: "A".to_owned(), first: 1001, last: 1050 };
                payments::open_book(tx, treasurer, &input)
            })?,
        };
        let id = self.act(treasurer, "finance.cheque.issue", |tx| {
            let input = ChequeInput { book_id, document_id, on: tx.today() };
            payments::issue(tx, treasurer, &input)
        })?;
        self.act(treasurer, "finance.cheque.hand_over", |tx| {
            let input = ChequeStep { on: tx.today(), note: "مندوب المستفيد".to_owned() };
            payments::hand_over(tx, treasurer, id, &input)
        })?;
        self.book = Some(book_id);
        self.cheques.insert(name.to_owned(), id);
        Ok(())
    }

    /// The cheque of a paper was presented.
    pub(super) fn clear_cheque(&self, name: &str) -> Outcome<()> {
        let lost = || Refusal::Internal(format!("no cheque pays {name}"));
        let (id, treasurer) = (self.cheques.get(name).copied().ok_or_else(lost)?, &self.people.treasurer);
        self.act(treasurer, "finance.cheque.clear", |tx| {
            let input = ChequeStep { on: tx.today(), note: String::new() };
            payments::clear(tx, treasurer, id, &input)
        })
    }

    /// Imports the statement of a month; the last one has what the books do not know of.
    pub(super) fn bring(&mut self, month: u32, last: bool) -> Outcome<()> {
        let first = NaiveDate::from_ymd_opt(self.year, month, 1).unwrap_or_default();
        let end = first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(first);
        let mut lines: Vec<Booked> = self.booked(first, end)?;
        if last {
            lines.push((end, -15_750, "BANK CHARGES".to_owned()));
            lines.push((end, 420_000, "CASH DEPOSIT".to_owned()));
        }
        let closing = self.held + lines.iter().map(|line| line.1).sum::<i64>();
        let bytes = statement(month, (first, end), (self.held, closing), &lines).into_bytes();
        let (agency, id) = (self.people.treasurer.agency_id, self.opened()?.account);
        let account = self.db.read_now(|tx| bank::account(tx, agency, id))?;
        let source = bank::read_file(&bytes, &account, &StatementQuery::default())?;
        let name = format!("{}-{month:02}.sta", self.year);
        let stored = self.runtime.block_on(self.blobs.save(Bytes::from(bytes), &name)).map_err(Refusal::from)?;
        let treasurer = &self.people.treasurer;
        let brought = self.act(treasurer, "finance.statement.import", |tx| {
            bank::import(tx, treasurer, id, &source, (&stored, &name))
        })?;
        self.held = closing;
        self.statement = brought.ids.first().copied().unwrap_or_default();
        Ok(())
    }

    /// The lines of the books on the account between two days, without cheques that nobody has presented.
    fn booked(&self, first: NaiveDate, last: NaiveDate) -> Outcome<Vec<Booked>> {
        let agency = self.people.treasurer.agency_id;
        let rows: Vec<(NaiveDate, i64, i64, String)> = self.db.read_now(|tx| {
            let open: Vec<Option<i64>> = cheques::table
                .filter(cheques::agency_id.eq(agency))
                .filter(cheques::state.ne(ChequeState::Cleared.code()))
                .select(cheques::entry_id)
                .load(tx.conn())?;
            let open: Vec<i64> = open.into_iter().flatten().collect();
            let of_account = entry_lines::table
                .inner_join(accounts::table.on(accounts::id.eq(entry_lines::account_id)))
                .filter(accounts::agency_id.eq(agency))
                .filter(accounts::code.eq(BANK))
                .filter(entry_lines::effective_on.between(first, last))
                .filter(entry_lines::entry_id.ne_all(open))
                .order((entry_lines::effective_on, entry_lines::entry_id, entry_lines::seq))
                .select((entry_lines::effective_on, entry_lines::debit, entry_lines::credit, entry_lines::note));
            Ok::<_, Refusal>(of_account.load(tx.conn())?)
        })?;
        Ok(rows.into_iter().map(|(day, debit, credit, note)| (day, debit - credit, note)).collect())
    }

    /// Accepts what is certain; of the last statement half of what is proposed.
    pub(super) fn join(&self, last: bool) -> Outcome<()> {
        let (treasurer, account) = (&self.people.treasurer, self.opened()?.account);
        let desk = self.db.read_now(|tx| bank::desk(tx, treasurer, account, &DeskQuery::default()))?;
        if desk.certain == 0 {
            return Ok(());
        }
        let half = desk.proposals.len() / 2;
        let lines = if last {
            let firsts = desk.proposals.iter().take(half).filter_map(|one| one.lines.first());
            firsts.map(|line| line.id).collect()
        } else {
            Vec::new()
        };
        self.act(treasurer, "finance.bank.accept", |tx| {
            bank::accept(tx, treasurer, account, &AcceptMatches { lines })
        })?;
        Ok(())
    }

    /// Reconciles the account up to the last statement: prepared by the treasurer, approved by the manager.
    pub(super) fn reconcile(&self) -> Outcome<()> {
        let People { treasurer, manager, .. } = &self.people;
        let (account, input) = (self.opened()?.account, NewReconciliation { statement_id: self.statement });
        let id =
            self.act(treasurer, "finance.reconciliation.begin", |tx| bank::begin(tx, treasurer, account, &input))?;
        self.act(treasurer, "finance.reconciliation.submit", |tx| {
            let version = bank::view(tx, treasurer, id)?.version;
            bank::submit(tx, treasurer, id, version)
        })?;
        self.act(manager, "finance.reconciliation.approve", |tx| {
            let version = bank::view(tx, manager, id)?.version;
            bank::approve(tx, self.secrets, manager, id, version)
        })
    }
}

/// A statement as the bank sends it (MT940).
fn statement(
    month: u32,
    (first, last): (NaiveDate, NaiveDate),
    (opening, closing): (i64, i64),
    lines: &[Booked],
) -> String {
    let shown = |fils: i64| format!("{},{:03}", fils.abs() / 1_000, fils.abs() % 1_000);
    let side = |fils: i64| if fils < 0 { 'D' } else { 'C' };
    let day = |day: NaiveDate| day.format("%y%m%d").to_string();
    let mut text = format!(
        ":20:STMT{month:02}\n:25:{NUMBER}\n:28C:{month}/1\n:60F:{}{}JOD{}\n",
        side(opening),
        day(first),
        shown(opening)
    );
    for (on, amount, note) in lines {
        let words = if note.is_empty() { "DEPOSIT" } else { note };
        text.push_str(&format!(":61:{}{}{}NTRFNONREF\n:86:{words}\n", day(*on), side(*amount), shown(*amount)));
    }
    text.push_str(&format!(":62F:{}{}JOD{}\n-\n", side(closing), day(last), shown(closing)));
    text
}
