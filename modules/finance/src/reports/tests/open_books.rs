//! Documents of two parties that are drawn on, paid, closed and taken back at random, and a model of what is open of them.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use diwan_db::Clock as _;
use diwan_finance_api::{
    ChequeBookInput, ChequeInput, ChequeStep, DocumentInput, DocumentKind, OpenReport, PayMethod, Report, ReportQuery,
    SliceInput,
};
use diwan_kernel::{Permission, money};
use diwan_platform::{Actor, Outcome};
use diwan_schema::finance::{accounts, bank_accounts, parties};
use diwan_testkit::{TestDb, give_right};

use crate::{
    documents::tests::office::{GOODS, Office},
    ledger::tests::books::{act, day},
    payments,
    reports::{What, run},
};

/// A document as the model has it. Amounts are fils.
pub(super) struct Made {
    pub(super) id: i64,
    kind: DocumentKind,
    party: usize,
    day: NaiveDate,
    at: NaiveDateTime,
    pub(super) due: Option<NaiveDate>,
    /// How much others may draw on it.
    amount: i64,
    /// How much is to be paid of it.
    net: i64,
    /// What it drew on, as a place among the documents, and how much.
    drew: Option<(usize, i64)>,
    closed: bool,
    /// How much of a later year it takes, and when it was closed.
    later: i64,
    ended: Option<NaiveDateTime>,
    gone: Option<(NaiveDate, NaiveDateTime)>,
    cheque: Option<i64>,
}

/// Something that made a document less, or more again where the amount is negative.
struct Step {
    of: usize,
    day: NaiveDate,
    at: NaiveDateTime,
    amount: i64,
}

pub(super) struct Desk {
    pub(super) office: Office,
    payer: Actor,
    /// Cheque books: of own money, and of what is held in trust.
    books: [i64; 2],
    parties: [i64; 2],
    pub(super) made: Vec<Made>,
    drawn: Vec<Step>,
    paid: Vec<Step>,
    seed: u64,
    pub(super) test: TestDb,
}

pub(super) fn today() -> NaiveDate {
    day("2026-11-01")
}

impl Desk {
    pub(super) fn on(test: TestDb, seed: u64) -> Self {
        let office = Office::on(test.db());
        let head = office.world.mof.users["head"];
        for right in [Permission::FinanceRead, Permission::FinancePay] {
            give_right(&office.db, head, right);
        }
        let payer = office.world.mof.actor(&office.db, "head");
        office.allot(&[(GOODS, "90000")]);
        office.posted(&office.input(DocumentKind::Release, &[("", GOODS, "90000", "")]));
        let parties =
            act(&office.db, &payer, |tx| Ok([party(tx, payer.agency_id, "P1")?, party(tx, payer.agency_id, "P2")?]))
                .unwrap();
        let books = ["620201", "620204"].map(|account| {
            act(&office.db, &payer, |tx| {
                let bank_account_id = bank(tx, payer.agency_id, account)?;
                let book = ChequeBookInput { bank_account_id, series: String::new(), first: 1, last: 500 };
                payments::open_book(tx, &payer, &book)
            })
            .unwrap()
        });
        let (made, drawn, paid) = (Vec::new(), Vec::new(), Vec::new());
        Self { office, payer, books, parties, made, drawn, paid, seed, test }
    }

    /// A number below a limit (SplitMix64), the same for the same seed.
    pub(super) fn any(&mut self, below: i64) -> i64 {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.seed;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((mixed ^ (mixed >> 31)) % u64::try_from(below).unwrap()).unwrap()
    }

    /// A day for what draws on a document: what came back to it (on the last day) is there from then on.
    fn day_on(&mut self, source: usize) -> NaiveDate {
        let grew = self.drawn.iter().any(|step| step.of == source && step.amount < 0);
        if grew { today() } else { self.day_from(self.made[source].day) }
    }

    fn day_from(&mut self, first: NaiveDate) -> NaiveDate {
        let days = (day("2026-10-31") - first).num_days();
        first + TimeDelta::days(self.any(days + 1))
    }

    /// One of the documents that are as they have to be.
    fn pick(&mut self, fits: impl Fn(&Self, usize, &Made) -> bool) -> Option<usize> {
        let desk: &Self = self;
        let all: Vec<usize> = (0..desk.made.len()).filter(|at| fits(desk, *at, &desk.made[*at])).collect();
        if all.is_empty() {
            return None;
        }
        let count = i64::try_from(all.len()).unwrap();
        Some(all[usize::try_from(self.any(count)).unwrap()])
    }

    fn sum(steps: &[Step], of: usize) -> i64 {
        steps.iter().filter(|step| step.of == of).map(|step| step.amount).sum()
    }

    fn left(&self, at: usize) -> i64 {
        let one = &self.made[at];
        if one.gone.is_some() || one.closed { 0 } else { one.amount - Self::sum(&self.drawn, at) }
    }

    /// Posts a document for a party, in the books and in the model; answers its place.
    fn post(&mut self, mut input: DocumentInput, party: usize, (amount, net): (i64, i64)) -> usize {
        let shape = input.kind.shape();
        input.party_id = shape.party.then_some(self.parties[party]);
        input.method = if shape.pays { PayMethod::Cheque } else { PayMethod::None };
        let id = self.office.posted(&input);
        self.made.push(Made {
            id,
            kind: input.kind,
            party,
            day: input.effective_on,
            at: self.test.clock().now(),
            due: input.due_on,
            amount,
            net,
            drew: None,
            closed: false,
            later: 0,
            ended: None,
            gone: None,
            cheque: None,
        });
        self.made.len() - 1
    }

    pub(super) fn step(&mut self) {
        self.test.clock().advance(TimeDelta::minutes(5));
        let amount = 1_000 + self.any(90_000);
        let party = usize::try_from(self.any(2)).unwrap();
        let on = self.day_from(day("2026-01-05"));
        match self.any(11) {
            0 | 1 => self.commit(amount, party, on),
            2 => self.voucher(amount, party, on),
            3 => self.draw_commitment(amount),
            4 => self.advance(amount, party, on),
            5 => self.settle(),
            6 => self.deposit(amount, party, on),
            7 => self.refund(),
            8 => self.pay(),
            9 => self.cancel(),
            _ => self.undo(),
        }
    }

    fn commit(&mut self, amount: i64, party: usize, on: NaiveDate) {
        let written = money::format(amount, 3);
        let input = self.office.input(DocumentKind::Commitment, &[("", GOODS, &written, "")]);
        let later = amount / 2;
        let slices = vec![SliceInput { year: 2027, amount: money::format(later, 3) }];
        let at = self.post(DocumentInput { effective_on: on, slices, ..input }, party, (amount, 0));
        self.made[at].later = later;
    }

    /// With a due day or without, and a tenth of it deducted.
    fn voucher(&mut self, amount: i64, party: usize, on: NaiveDate) {
        let (gross, kept) = (money::format(amount, 3), money::format(amount / 10, 3));
        let lines = [("2219", GOODS, gross.as_str(), ""), ("630811", "", "", kept.as_str())];
        let days = self.any(120);
        let due_on = (days > 20).then(|| on + TimeDelta::days(days));
        let input = self.office.input(DocumentKind::PaymentVoucher, &lines);
        self.post(DocumentInput { effective_on: on, due_on, ..input }, party, (0, amount - amount / 10));
    }

    /// A voucher on a commitment: what exceeds it comes from elsewhere.
    fn draw_commitment(&mut self, amount: i64) {
        let fits = |desk: &Self, at: usize, one: &Made| one.kind == DocumentKind::Commitment && desk.left(at) > 0;
        let Some(source) = self.pick(fits) else { return };
        let (party, left) = (self.made[source].party, self.left(source));
        let on = self.day_on(source);
        let input = self.office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, &money::format(amount, 3), "")]);
        let input = DocumentInput { effective_on: on, source_id: Some(self.made[source].id), ..input };
        let at = self.post(input, party, (0, amount));
        self.drew(at, source, amount.min(left));
    }

    fn drew(&mut self, at: usize, source: usize, amount: i64) {
        let one = &mut self.made[at];
        one.drew = Some((source, amount));
        self.drawn.push(Step { of: source, day: one.day, at: one.at, amount });
    }

    pub(super) fn advance(&mut self, amount: i64, party: usize, on: NaiveDate) {
        let input = self.office.input(DocumentKind::Advance, &[("620801", "", &money::format(amount, 3), "")]);
        let due_on = Some(day("2026-11-20") + TimeDelta::days(self.any(60)));
        self.post(DocumentInput { effective_on: on, due_on, ..input }, party, (amount, amount));
    }

    fn settle(&mut self) {
        let fits = |desk: &Self, at: usize, one: &Made| one.kind == DocumentKind::Advance && desk.left(at) > 0;
        let Some(source) = self.pick(fits) else { return };
        let amount = 1 + self.any(self.left(source));
        let on = self.day_on(source);
        let spent = money::format(amount, 3);
        let input = self.office.input(DocumentKind::AdvanceSettlement, &[("2219", GOODS, &spent, "")]);
        let input = DocumentInput { effective_on: on, source_id: Some(self.made[source].id), ..input };
        let at = self.post(input, self.made[source].party, (0, 0));
        self.drew(at, source, amount);
    }

    fn deposit(&mut self, amount: i64, party: usize, on: NaiveDate) {
        let input = self.office.input(DocumentKind::Deposit, &[("630815", "", "", &money::format(amount, 3))]);
        self.post(DocumentInput { effective_on: on, ..input }, party, (amount, 0));
    }

    fn refund(&mut self) {
        let fits = |desk: &Self, at: usize, one: &Made| one.kind == DocumentKind::Deposit && desk.left(at) > 0;
        let Some(source) = self.pick(fits) else { return };
        let amount = 1 + self.any(self.left(source));
        let on = self.day_on(source);
        let input = self.office.input(DocumentKind::DepositRefund, &[("630815", "", &money::format(amount, 3), "")]);
        let input = DocumentInput { effective_on: on, source_id: Some(self.made[source].id), ..input };
        let at = self.post(input, self.made[source].party, (0, amount));
        self.drew(at, source, amount);
    }

    fn pay(&mut self) {
        let fits = |_: &Self, _: usize, one: &Made| one.net > 0 && one.cheque.is_none() && one.gone.is_none();
        let Some(at) = self.pick(fits) else { return };
        let book_id = self.books[usize::from(self.made[at].kind == DocumentKind::DepositRefund)];
        let input = ChequeInput { book_id, document_id: self.made[at].id, on: today() };
        let cheque = act(&self.office.db, &self.payer, |tx| payments::issue(tx, &self.payer, &input)).unwrap();
        self.made[at].cheque = Some(cheque);
        self.paid.push(Step { of: at, day: today(), at: self.test.clock().now(), amount: 1 });
    }

    fn cancel(&mut self) {
        let Some(at) = self.pick(|_, _, one| one.cheque.is_some()) else { return };
        let cheque = self.made[at].cheque.take().unwrap();
        let step = ChequeStep { on: today(), note: "خطأ".to_owned() };
        act(&self.office.db, &self.payer, |tx| payments::cancel(tx, &self.payer, cheque, &step)).unwrap();
        self.paid.push(Step { of: at, day: today(), at: self.test.clock().now(), amount: -1 });
    }

    /// Closes a commitment, or takes back a document that nothing was done with.
    fn undo(&mut self) {
        let fits = |desk: &Self, at: usize, one: &Made| {
            let source_there = one.drew.is_none_or(|(source, _)| !desk.made[source].closed);
            let untouched = one.cheque.is_none() && (one.amount == 0 || desk.left(at) == one.amount);
            one.gone.is_none() && !one.closed && (one.kind == DocumentKind::Commitment || (source_there && untouched))
        };
        let Some(at) = self.pick(fits) else { return };
        let id = self.made[at].id;
        let now = self.test.clock().now();
        if self.made[at].kind == DocumentKind::Commitment {
            let amount = self.left(at);
            if amount > 0 {
                self.office.close(id).unwrap();
                self.made[at].closed = true;
                self.made[at].ended = Some(now);
                self.drawn.push(Step { of: at, day: today(), at: now, amount });
            }
            return;
        }
        let back = self.office.reverse(id).unwrap();
        self.office.submit(back).unwrap();
        self.office.certify(&self.office.staff, back).unwrap();
        self.office.authorise(&self.office.director, back).unwrap();
        self.made[at].gone = Some((today(), now));
        if let Some((source, amount)) = self.made[at].drew {
            self.drawn.push(Step { of: source, day: today(), at: now, amount: -amount });
        }
    }

    /// What the model says of a report: the amounts of each document by its party and id.
    pub(super) fn expected(
        &self,
        of: OpenReport,
        (to, known): (NaiveDate, NaiveDateTime),
    ) -> BTreeMap<(usize, i64), Vec<i64>> {
        let within = |day: NaiveDate, at: NaiveDateTime| day <= to && at <= known;
        let sum = |steps: &[Step], of: usize| -> i64 {
            steps.iter().filter(|step| step.of == of && within(step.day, step.at)).map(|step| step.amount).sum()
        };
        let mut found = BTreeMap::new();
        for (at, one) in self.made.iter().enumerate() {
            if !within(one.day, one.at) || one.gone.is_some_and(|(day, at)| within(day, at)) {
                continue;
            }
            let open = one.amount - sum(&self.drawn, at);
            let given = vec![one.amount, one.amount - open, open];
            let row = match (of, one.kind) {
                (OpenReport::Commitments, DocumentKind::Commitment) => aged(open, None, (to - one.day).num_days()),
                (OpenReport::Arrears, _) if one.net > 0 && sum(&self.paid, at) == 0 => {
                    let late = (to - one.due.unwrap_or(one.day)).num_days();
                    aged(one.net, Some(late <= 0), late)
                }
                (OpenReport::Advances, DocumentKind::Advance) | (OpenReport::Deposits, DocumentKind::Deposit) => given,
                (OpenReport::Obligations, DocumentKind::Commitment)
                    if !one.ended.is_some_and(|at| within(today(), at)) =>
                {
                    // By year and key, not by party.
                    found.insert((0, one.id), vec![one.later]);
                    continue;
                }
                _ => continue,
            };
            if open != 0 || of == OpenReport::Arrears {
                found.insert((one.party, one.id), row);
            }
        }
        found
    }

    pub(super) fn report(&self, of: OpenReport, query: &ReportQuery) -> Report {
        let what = What::Open(of.code().to_owned());
        self.office.db.read_now(|tx| run(tx, &self.office.clerk, &what, query, 100)).unwrap()
    }
}

/// The amount, what of it is not due yet where that is asked, and the six ages.
fn aged(amount: i64, not_due: Option<bool>, days: i64) -> Vec<i64> {
    let mut ages = [0; 6];
    let at = match days {
        ..=30 => 0,
        31..=60 => 1,
        61..=90 => 2,
        91..=180 => 3,
        181..=365 => 4,
        _ => 5,
    };
    if not_due != Some(true) {
        ages[at] = amount;
    }
    let not_due = not_due.map(|yes| if yes { amount } else { 0 });
    [amount].into_iter().chain(not_due).chain(ages).collect()
}

fn bank(tx: &mut diwan_db::WriteTx<'_>, agency_id: i64, code: &str) -> Outcome<i64> {
    let account: i64 = accounts::table
        .filter(accounts::agency_id.eq(agency_id))
        .filter(accounts::code.eq(code))
        .select(accounts::id)
        .first(tx.conn())?;
    Ok(diesel::insert_into(bank_accounts::table)
        .values((
            (bank_accounts::agency_id.eq(agency_id), bank_accounts::account_id.eq(account)),
            (bank_accounts::code.eq(code), bank_accounts::name_ar.eq("الخزينة"), bank_accounts::name_en.eq("")),
            (bank_accounts::bic.eq(""), bank_accounts::number.eq(""), bank_accounts::iban.eq("")),
            (bank_accounts::currency.eq("JOD"), bank_accounts::active.eq(true), bank_accounts::version.eq(1_i64)),
        ))
        .returning(bank_accounts::id)
        .get_result(tx.conn())?)
}

fn party(tx: &mut diwan_db::WriteTx<'_>, agency_id: i64, code: &str) -> Outcome<i64> {
    Ok(diesel::insert_into(parties::table)
        .values((
            (parties::agency_id.eq(agency_id), parties::kind.eq("supplier"), parties::code.eq(code)),
            (parties::name_ar.eq("مؤسسة الريادة"), parties::name_en.eq(""), parties::fold.eq("")),
            (parties::tax_number.eq(""), parties::national_number.eq(""), parties::iban.eq("")),
            (parties::user_id.eq(None::<i64>), parties::active.eq(true), parties::version.eq(1_i64)),
        ))
        .returning(parties::id)
        .get_result(tx.conn())?)
}
