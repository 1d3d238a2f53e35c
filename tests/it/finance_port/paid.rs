//! From what a module liquidates to what its payee has: the voucher, who approves it, the payment, and the way back.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_finance::{
    documents,
    port::{Line, Liquidation, Module, Rest, VoucherStanding, credit, debit},
};
use diwan_finance_api::{
    AddPayments, AddedPayments, BeginYearEnd, ClosePeriod, CommitmentDecision, DecideCommitments, DeductionBalance,
    DocumentKind, DocumentNote, DocumentState, ExecutePayments, FiscalPeriod, FiscalYear, PaymentRun, PaymentRunInput,
    PaymentRunState, PeriodState, YearEnd, YearEndState,
};
use diwan_kernel::Permission;
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::{accounts, entry_lines};
use diwan_testkit::{TestDb, both_async};
use serde_json::{Value, json};

use super::{At, approve, version};
use crate::finance_desk::{Desk, GOODS, SALARIES, day, refusal};

const IBAN: &str = "JO94CBJO0010000000000131000302";
const RUNS: &str = "/api/finance/payments/runs";

/// Who pays, and out of which account.
struct Treasury {
    payer: i64,
    bank: i64,
}

impl Treasury {
    /// A treasury with cash for these keys.
    async fn of(desk: &Desk, cash: &[(&str, &str)]) -> Self {
        let (app, director) = (&desk.app, desk.director.user_id);
        let payer = app.world.mof.users["head"];
        for right in [Permission::FinanceRead, Permission::FinancePay] {
            app.grant(payer, right);
        }
        let lines: Vec<[&str; 4]> = cash.iter().map(|(key, amount)| ["", *key, *amount, ""]).collect();
        desk.posted(&desk.input(DocumentKind::Release, "2026-10-02", &lines));
        desk.sql(&format!("UPDATE parties SET iban = '{IBAN}' WHERE id = {}", desk.supplier)).unwrap();
        let bank = json!({
            "account_id": desk.account("620201"), "code": "T", "name": { "ar": "الخزينة", "en": "Treasury" },
            "bic": "CBJOJOAX", "number": "131000302", "iban": IBAN, "currency": "JOD", "active": true
        });
        let bank: Value = app.post(director, "/api/finance/bank-accounts", &bank).await.created();
        Self { payer, bank: bank["id"].as_i64().unwrap() }
    }

    /// Begins a run with a voucher in it.
    async fn take(&self, desk: &Desk, voucher: i64) -> PaymentRun {
        let input = PaymentRunInput {
            bank_account_id: self.bank,
            subject: "دفعة الموردين".to_owned(),
            pay_on: day("2026-11-02"),
        };
        let run: PaymentRun = desk.app.post(self.payer, RUNS, &input).await.created();
        let add = AddPayments { documents: vec![voucher], all: None };
        let added: AddedPayments = desk.app.post(self.payer, &format!("{RUNS}/{}/items", run.id), &add).await.ok();
        assert!(added.refused.is_empty(), "{:?}", added.refused);
        added.run
    }

    /// Approves, sends and executes a run.
    async fn execute(&self, desk: &Desk, run: &PaymentRun) {
        let path = format!("{RUNS}/{}", run.id);
        let (app, director) = (&desk.app, desk.director.user_id);
        let seen: PaymentRun = app.get(director, &path).await.ok();
        let approved: PaymentRun = app.post_at(director, &format!("{path}/approve"), seen.version, &()).await.ok();
        app.post_at(self.payer, &format!("{path}/send"), approved.version, &()).await.ok::<PaymentRun>();
        let all = ExecutePayments { on: day("2026-11-01"), items: Vec::new() };
        let done: PaymentRun = app.post(self.payer, &format!("{path}/execute"), &all).await.ok();
        assert_eq!(done.state, PaymentRunState::Executed);
    }
}

/// Account, debit and credit of the lines that a voucher posted, in their order.
async fn posted(desk: &Desk, voucher: i64) -> Vec<(String, i64, i64)> {
    let entry = desk.view(voucher).await.entry_id.unwrap();
    desk.app
        .platform
        .db
        .read_now(|tx| {
            Ok::<_, Refusal>(
                entry_lines::table
                    .inner_join(accounts::table.on(accounts::id.eq(entry_lines::account_id)))
                    .filter(entry_lines::entry_id.eq(entry))
                    .order(entry_lines::seq)
                    .select((accounts::code, entry_lines::debit, entry_lines::credit))
                    .load(tx.conn())?,
            )
        })
        .unwrap()
}

/// State, what is to be paid and what was paid.
fn stands(of: &VoucherStanding) -> (DocumentState, i64, i64) {
    (of.state, of.to_pay, of.paid)
}

fn row(account: &str, debit: i64, credit: i64) -> (String, i64, i64) {
    (account.to_owned(), debit, credit)
}

#[test]
fn an_invoice_of_an_order_is_certified_authorised_and_paid() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        desk.allot("2026-10-01", &[(GOODS, "10,000")]);
        let treasury = Treasury::of(&desk, &[(GOODS, "10,000")]).await;
        let order = At::on(&desk, Module::Procurement, "شراء قرطاسية");
        let requisition = order.reserve("r1", &[(GOODS, 4_300_000)]).unwrap();
        let contract = order.commit("c1", Some(requisition), &[(GOODS, 4_300_000)], Rest::GiveBack).unwrap();

        // Of 2,000 dinars, 100 are kept back for the tax.
        let lines = [order.supplies(2_000_000), credit(desk.account("630811"), 100_000)];
        let first = Liquidation { invoice: "INV-7", ..order.owed(Some(contract), &lines) };
        let voucher = order.liquidate_as("l1", &first).unwrap();
        assert_eq!(order.liquidate_as("l1", &first).unwrap(), voucher);
        let other = Liquidation { invoice: "INV-8", ..first };
        assert_eq!(refusal(order.liquidate_as("l1", &other)), "idempotency_mismatch");
        let twice = Liquidation { invoice: "inv 7", ..first };
        assert_eq!(refusal(order.liquidate_as("l2", &twice)), "invoice_twice");
        assert_eq!(desk.count("port_vouchers"), 1);
        let seen = desk.view(voucher).await;
        assert_eq!((seen.head.state.as_str(), seen.kind), ("in_approval", DocumentKind::PaymentVoucher));
        assert_eq!(seen.approvals.iter().map(|one| one.by.id).collect::<Vec<_>>(), [desk.clerk.user_id]);
        assert!(seen.links.iter().any(|link| link.other.id == Some(order.record)), "the way to the order");
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 5_700_000, 0, 4_300_000, 0, 0], "nothing is owed before");
        assert_eq!(stands(&order.standing().vouchers[0]), (DocumentState::InApproval, 0, 0));

        let (clerk, note) = (&desk.clerk, DocumentNote::default());
        let sent = version(&desk, voucher);
        let own: Outcome<()> = desk.act(clerk, |tx| documents::certify(tx, clerk, voucher, sent, &note));
        assert!(own.is_err(), "who calls prepared it and does no other duty");
        approve(&desk, voucher).unwrap();
        let expected = [row("2219", 2_000_000, 0), row("630811", 0, 100_000), row("630803", 0, 1_900_000)];
        assert_eq!(posted(&desk, voucher).await, expected);
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 5_700_000, 0, 2_300_000, 2_000_000, 0]);
        let now = order.standing();
        assert_eq!((now.holds[1].id, now.holds[1].open, now.holds[1].lapsed), (contract, 2_300_000, false));
        let [of] = &now.vouchers[..] else { panic!("{now:?}") };
        assert_eq!((of.document_id, of.number.as_deref()), (voucher, Some("ص/2026/1")));
        assert_eq!((of.amount, of.net), (2_000_000, 1_900_000));
        assert_eq!(stands(of), (DocumentState::Posted, 1_900_000, 0));

        let run = treasury.take(&desk, voucher).await;
        let of = order.standing().vouchers.remove(0);
        assert_eq!(stands(&of), (DocumentState::Posted, 0, 0), "it waits in the run");
        assert!(!of.is_paid());
        treasury.execute(&desk, &run).await;
        let of = order.standing().vouchers.remove(0);
        assert_eq!(stands(&of), (DocumentState::Posted, 0, 1_900_000));
        assert!(of.is_paid());
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 5_700_000, 0, 2_300_000, 0, 2_000_000]);
        let path = "/api/finance/payments/deductions?year=2026&open=true";
        let kept: Vec<DeductionBalance> = desk.app.get(desk.staff.user_id, path).await.ok();
        assert_eq!(kept.iter().map(|one| one.open).collect::<Vec<_>>(), [100_000], "the tax is to be remitted");

        // The rest at a price that rose: the excess comes from what is available.
        let second = order.liquidate("l2", Some(contract), &[order.supplies(2_500_000)]).unwrap();
        approve(&desk, second).unwrap();
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 5_500_000, 0, 0, 2_500_000, 2_000_000]);
        assert_eq!(order.release("e1", contract).unwrap(), 0, "nothing is left of it");
    });
}

#[test]
fn what_is_returned_or_taken_back_is_liquidated_anew() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        desk.allot("2026-10-01", &[(GOODS, "1000")]);
        let order = At::on(&desk, Module::Procurement, "شراء");
        let contract = order.commit("c1", None, &[(GOODS, 300_000)], Rest::GiveBack).unwrap();
        let lines = [order.supplies(350_000)];
        let invoice = Liquidation { invoice: "INV-1", ..order.owed(Some(contract), &lines) };
        let returned = order.liquidate_as("l1", &invoice).unwrap();
        let (clerk, staff) = (&desk.clerk, &desk.staff);
        let why =
            DocumentNote { note: Some("الفاتورة غير مختومة".to_owned()), ..DocumentNote::default() };
        let at = version(&desk, returned);
        desk.act(staff, |tx| documents::send_back(tx, staff, returned, at, &why)).unwrap();
        assert_eq!(order.standing().vouchers[0].state, DocumentState::Returned);
        let at = version(&desk, returned);
        desk.act(clerk, |tx| documents::void(tx, clerk, returned, at, &why)).unwrap();
        assert_eq!(order.liquidate_as("l1", &invoice).unwrap(), returned, "its key is used up");
        assert_eq!(order.standing().holds[0].open, 300_000);

        let voucher = order.liquidate_as("l2", &invoice).unwrap();
        approve(&desk, voucher).unwrap();
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 650_000, 0, 0, 350_000, 0]);
        let at = version(&desk, voucher);
        let reversal = desk.act(clerk, |tx| documents::reverse(tx, clerk, voucher, at, &why)).unwrap();
        let grown = format!("UPDATE port_hold_lines SET open = amount WHERE hold_id = {contract}");
        assert!(desk.sql(&grown).is_err(), "not before three persons stand for it");
        desk.finish(reversal).unwrap();
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 700_000, 0, 300_000, 0, 0]);
        let now = order.standing();
        assert_eq!((now.holds[0].amount, now.holds[0].open), (300_000, 300_000), "the contract holds it again");
        let states: Vec<DocumentState> = now.vouchers.iter().map(|one| one.state).collect();
        assert_eq!(states, [DocumentState::Void, DocumentState::Reversed]);

        // From the day of the reversal on: until then the contract had nothing.
        assert_eq!(refusal(order.liquidate_as("l3", &invoice)), "source_short_before");
        assert_eq!(refusal(order.release("e1", contract)), "source_short_before");
        let again = order.on_day("2026-11-01").liquidate_as("l3", &invoice).unwrap();
        approve(&desk, again).unwrap();
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 650_000, 0, 0, 350_000, 0]);
        assert_eq!(stands(&order.standing().vouchers[2]), (DocumentState::Posted, 350_000, 0));
        assert!(desk.sql(&grown).is_err(), "a reversal that is posted opens it no more");
    });
}

#[test]
fn wages_of_five_hundred_are_one_voucher_to_the_bank_that_pays_them_out() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        desk.allot("2026-10-01", &[(SALARIES, "1,000,000")]);
        let treasury = Treasury::of(&desk, &[(SALARIES, "1,000,000")]).await;
        let party = async |kind: &str, code: &str, iban: &str| {
            let party = json!({
                "kind": kind, "code": code, "name": { "ar": "طرف", "en": "Party" }, "iban": iban, "active": true
            });
            let made: Value = desk.app.post(desk.director.user_id, "/api/finance/parties", &party).await.created();
            made["id"].as_i64().unwrap()
        };
        let bank = party("payee", "B1", IBAN).await;
        let employees = [party("employee", "E1", "").await, party("employee", "E2", "").await];
        let payroll = At::on(&desk, Module::Hr, "رواتب تشرين الأول");
        let (key, salaries) = (payroll.key(SALARIES), desk.account("2111"));
        let mut lines: Vec<Line> = (0..500_i64)
            .zip(employees.iter().cycle())
            .map(|(at, employee)| Line {
                key_id: Some(key),
                party_id: Some(*employee),
                note: format!("راتب {at}"),
                ..debit(salaries, 600_000 + at)
            })
            .collect();
        let gross: i64 = lines.iter().map(|line| line.debit).sum();
        lines.extend([credit(desk.account("630813"), 22_000_000), credit(desk.account("630811"), 3_000_000)]);
        let net = gross - 25_000_000;
        let wages = Liquidation {
            subject: "رواتب تشرين الأول",
            payable_id: Some(desk.account("630804")),
            party_id: bank,
            due_on: Some(day("2026-10-25")),
            ..payroll.owed(None, &lines)
        };
        let voucher = payroll.liquidate_as("october", &wages).unwrap();
        approve(&desk, voucher).unwrap();
        let written = posted(&desk, voucher).await;
        assert_eq!((written.len(), written.last()), (503, Some(&row("630804", 0, net))));
        assert_eq!(desk.buckets(SALARIES, 2026)[5], gross);
        let run = treasury.take(&desk, voucher).await;
        treasury.execute(&desk, &run).await;
        assert!(payroll.standing().vouchers[0].is_paid());
        assert_eq!(desk.buckets(SALARIES, 2026)[5..], [0, gross]);
    });
}

#[test]
fn what_is_held_when_its_year_ends_lapses_by_decision_and_the_module_is_told() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        let (app, director, head) = (&desk.app, desk.director.user_id, desk.app.world.mof.users["head"]);
        for right in [Permission::FinanceRead, Permission::FinanceClose] {
            app.grant(head, right);
        }
        desk.allot("2026-02-01", &[(GOODS, "1000")]);
        desk.posted(&desk.input(DocumentKind::Receipt, "2026-03-01", &[["1421", "", "", "700"]]));
        let order = At::on(&desk, Module::Procurement, "شراء");
        let hold = order.reserve("r1", &[(GOODS, 400_000)]).unwrap();
        let contract = order.commit("c1", Some(hold), &[(GOODS, 300_000)], Rest::Keep).unwrap();
        let voucher = order.liquidate("l1", Some(contract), &[order.supplies(120_000)]).unwrap();
        approve(&desk, voucher).unwrap();

        app.db.clock().set(NaiveDate::from_ymd_opt(2027, 1, 10).unwrap().and_hms_opt(8, 0, 0).unwrap());
        let years: Vec<FiscalYear> = app.get(director, "/api/finance/years").await.ok();
        for period in years[0].periods.iter().filter(|period| period.number <= 12) {
            let close = ClosePeriod { to: PeriodState::Closed };
            let path = format!("/api/finance/periods/{}/close", period.id);
            app.post_at(director, &path, period.version, &close).await.ok::<FiscalPeriod>();
        }
        desk.open(2027).await;
        let end = format!("/api/finance/years/{}/end", years[0].id);
        let begun: YearEnd = app.post(head, &end, &BeginYearEnd::default()).await.created();
        assert_eq!((begun.held.count, begun.held.amount), (2, 280_000), "told before it ends");
        assert_eq!((begun.undecided.count, begun.undecided.amount), (2, 280_000));
        app.post_at(head, &format!("{end}/prepare"), begun.version, &()).await.refused(409, "commitments_undecided");
        let lapse = DecideCommitments {
            ids: Vec::new(),
            holds: vec![hold, contract],
            decision: CommitmentDecision::Lapse,
            reason: "لا حاجة إليها".to_owned(),
        };
        let decided: YearEnd = app.put(head, &format!("{end}/decisions"), &lapse).await.ok();
        assert_eq!((decided.lapse.count, decided.lapse.amount), (2, 280_000));
        let prepared: YearEnd = app.post_at(head, &format!("{end}/prepare"), decided.version, &()).await.ok();
        let ended: YearEnd = app.post_at(director, &format!("{end}/confirm"), prepared.version, &()).await.ok();
        assert_eq!(ended.state, Some(YearEndState::Ended));

        let now = order.standing();
        let holds: Vec<(i32, i64, bool)> = now.holds.iter().map(|one| (one.year, one.open, one.lapsed)).collect();
        assert_eq!(holds, [(2026, 0, true), (2026, 0, true)]);
        assert_eq!(stands(&now.vouchers[0]), (DocumentState::Posted, 120_000, 0), "what is owed stays owed");
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 0, 0, 0, 120_000, 0]);
        let january = order.on_day("2027-01-10");
        assert_eq!(refusal(january.release("e1", hold)), "hold_lapsed");
        assert_eq!(refusal(january.liquidate("l2", Some(contract), &[order.supplies(1_000)])), "hold_lapsed");
        assert_eq!(refusal(order.release("e1", hold)), "period_closed");
        let lines = [["630803", "", "120", ""], ["1442", "", "", "120"]];
        let mut given_up = desk.input(DocumentKind::JournalVoucher, "2027-01-10", &lines);
        (given_up.source_id, given_up.lines[0].party) = (Some(voucher), "S1".to_owned());
        assert!(!now.vouchers[0].given_up);
        desk.posted(&given_up);
        let of = order.standing().vouchers.remove(0);
        assert_eq!((stands(&of), of.given_up), ((DocumentState::Posted, 0, 0), true), "it waits in no payment");
    });
}
