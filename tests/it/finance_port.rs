//! What other modules call of finance, as procurement, payroll and stores do, on both databases.

use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::prelude::*;
use diwan_db::{Db, WriteTx};
use diwan_finance::port::{self, Call, Commit, HoldKind, KeyAmount, Line, Liquidation, Module, Rest, credit, debit};
use diwan_finance_api::{ClosePeriod, FiscalPeriod, FiscalYear, PeriodState, Report, ReportCell};
use diwan_kernel::Lang;
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::finance::{budget_keys, entry_lines, port_calls, port_hold_lines};
use diwan_testkit::{TestDb, both_async};

use crate::finance_desk::{Desk, GOODS, SALARIES, STORES, day, refusal};

/// A module at work on a record.
struct At {
    db: Db,
    clerk: Actor,
    module: Module,
    record: i64,
    on: &'static str,
    supplier: i64,
    /// The account of supplies.
    used: i64,
}

impl At {
    fn on(desk: &Desk, module: Module, subject: &str) -> Self {
        let (db, clerk) = (desk.app.platform.db.clone(), desk.clerk.clone());
        let (record, used) = (desk.record(subject), desk.account("2219"));
        Self { db, clerk, module, record, on: "2026-10-20", supplier: desk.supplier, used }
    }

    /// The same on another day.
    fn on_day(&self, on: &'static str) -> Self {
        Self { db: self.db.clone(), clerk: self.clerk.clone(), on, ..*self }
    }

    fn call<'k>(&self, key: &'k str) -> Call<'k> {
        Call { module: self.module, key, record_id: self.record, on: day(self.on) }
    }

    fn key(&self, code: &str) -> i64 {
        self.db.read_now(|tx| port::key(tx, &self.clerk, code, day("2026-10-20"))).unwrap().id
    }

    fn amounts(&self, amounts: &[(&str, i64)]) -> Vec<KeyAmount> {
        amounts.iter().map(|(key, amount)| KeyAmount { key_id: self.key(key), amount: *amount }).collect()
    }

    /// As an operation of the module does it.
    fn act<T>(&self, run: impl FnOnce(&mut WriteTx<'_>) -> Outcome<T>) -> Outcome<T> {
        self.db.write_now(self.clerk.who(), "test.port", run)
    }

    fn reserve(&self, key: &str, amounts: &[(&str, i64)]) -> Outcome<i64> {
        let asked = self.amounts(amounts);
        self.act(|tx| port::reserve(tx, &self.clerk, &self.call(key), &asked))
    }

    fn commit(&self, key: &str, reservation: Option<i64>, amounts: &[(&str, i64)], rest: Rest) -> Outcome<i64> {
        let lines = self.amounts(amounts);
        let input = Commit { reservation, lines: &lines, rest };
        self.act(|tx| port::commit(tx, &self.clerk, &self.call(key), &input))
    }

    fn liquidate(&self, key: &str, commitment: Option<i64>, lines: &[Line]) -> Outcome<i64> {
        let input = Liquidation { commitment, lines, payable_id: None, party_id: Some(self.supplier) };
        self.act(|tx| port::liquidate(tx, &self.clerk, &self.call(key), &input))
    }

    fn release(&self, key: &str, hold: i64) -> Outcome<i64> {
        self.act(|tx| port::release(tx, &self.clerk, &self.call(key), hold))
    }

    fn post(&self, key: &str, lines: &[Line]) -> Outcome<i64> {
        self.act(|tx| port::post(tx, &self.clerk, &self.call(key), lines))
    }

    /// Supplies of a key.
    fn supplies(&self, amount: i64) -> Line {
        Line { key_id: Some(self.key(GOODS)), ..debit(self.used, amount) }
    }
}

/// The lines of an entry: account, debit, credit, in their order.
fn entry(desk: &Desk, id: i64) -> Vec<(i64, i64, i64)> {
    desk.app
        .platform
        .db
        .read_now(|tx| {
            Ok::<_, Refusal>(
                entry_lines::table
                    .filter(entry_lines::entry_id.eq(id))
                    .order(entry_lines::seq)
                    .select((entry_lines::account_id, entry_lines::debit, entry_lines::credit))
                    .load(tx.conn())?,
            )
        })
        .unwrap()
}

#[test]
fn procurement_reserves_orders_higher_and_is_invoiced_in_two_parts() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        desk.allot("2026-10-01", &[(GOODS, "10,000")]);
        let order = At::on(&desk, Module::Procurement, "شراء قرطاسية");
        let requisition = order.reserve("r1", &[(GOODS, 4_000_000)]).unwrap();
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 6_000_000, 4_000_000, 0, 0, 0]);
        // Who holds the money is seen beside the line, with the way to the record.
        let line: i64 = desk
            .app
            .platform
            .db
            .read_now(|tx| {
                let of_key = budget_keys::table.filter(budget_keys::code.eq(GOODS));
                Ok::<_, Refusal>(of_key.select(budget_keys::line_id).first(tx.conn())?)
            })
            .unwrap();
        let path = format!("/api/finance/position/{line}/moves");
        let moves: Report = desk.app.get(desk.clerk.user_id, &path).await.ok();
        let held = moves.facts.last().unwrap();
        assert_eq!(held.value, ReportCell::Amount(4_000_000));
        assert_eq!(held.link.as_ref().map(|link| link.id), Some(order.record));
        assert!(held.label.get(Lang::En).starts_with("Reserved"));

        let contract = order.commit("c1", Some(requisition), &[(GOODS, 4_300_000)], Rest::GiveBack).unwrap();
        assert_eq!(
            desk.buckets(GOODS, 2026),
            [0, 0, 5_700_000, 0, 4_300_000, 0, 0],
            "the excess from what is available"
        );
        // The first invoice with a deduction, the second with the rest and a price that rose.
        let (tax, payable) = (desk.account("630811"), desk.account("630801"));
        let first = order.liquidate("l1", Some(contract), &[order.supplies(2_000_000), credit(tax, 100_000)]).unwrap();
        let goods = desk.account("2219");
        assert_eq!(entry(&desk, first), [(goods, 2_000_000, 0), (tax, 0, 100_000), (payable, 0, 1_900_000)]);
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 5_700_000, 0, 2_300_000, 2_000_000, 0]);
        let second = order.liquidate("l2", Some(contract), &[order.supplies(2_500_000)]).unwrap();
        assert_ne!(first, second);
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 5_500_000, 0, 0, 4_500_000, 0]);
        assert_eq!(order.release("e1", contract).unwrap(), 0, "nothing is left of it");
        // A credit note makes it available again.
        let back = Line { debit: 0, base_debit: 0, credit: 500_000, base_credit: 500_000, ..order.supplies(0) };
        order.liquidate("l3", None, &[back, debit(payable, 500_000)]).unwrap();
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 6_000_000, 0, 0, 4_000_000, 0]);
        let calls: i64 = desk.count("port_calls");
        assert_eq!(calls, 6, "each call leaves its row");
    });
}

#[test]
fn a_requisition_is_ordered_lower_or_in_parts_and_what_is_left_goes_back() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        desk.allot("2026-10-01", &[(GOODS, "1000"), (STORES, "1000")]);
        let order = At::on(&desk, Module::Procurement, "شراء");
        let lower = order.reserve("r1", &[(GOODS, 300_000), (GOODS, 200_000), (STORES, 100_000)]).unwrap();
        assert_eq!(desk.buckets(GOODS, 2026)[3], 500_000, "the same key twice is one");
        let contract = order.commit("c1", Some(lower), &[(GOODS, 420_000)], Rest::GiveBack).unwrap();
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 580_000, 0, 420_000, 0, 0]);
        assert_eq!(desk.buckets(STORES, 2026), [0, 0, 1_000_000, 0, 0, 0, 0], "what is not ordered is saved");
        assert_eq!(order.release("e1", contract).unwrap(), 420_000);
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 1_000_000, 0, 0, 0, 0]);

        let parts = order.reserve("r2", &[(GOODS, 500_000)]).unwrap();
        let one = order.commit("c2", Some(parts), &[(GOODS, 200_000)], Rest::Keep).unwrap();
        order.commit("c3", Some(parts), &[(GOODS, 100_000)], Rest::Keep).unwrap();
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 500_000, 200_000, 300_000, 0, 0]);
        assert_eq!(order.release("e2", parts).unwrap(), 200_000);
        assert_eq!(order.release("e3", one).unwrap(), 200_000);
        let without = order.commit("c4", None, &[(GOODS, 50_000)], Rest::GiveBack).unwrap();
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 850_000, 0, 150_000, 0, 0]);
        let held = desk.app.platform.db.read_now(|tx| {
            let of_key = budget_keys::table.filter(budget_keys::code.eq(GOODS));
            let line: i64 = of_key.select(budget_keys::line_id).first(tx.conn())?;
            port::holding(tx, line)
        });
        let held: Vec<(HoldKind, i64)> = held.unwrap().into_iter().map(|one| (one.kind, one.open)).collect();
        assert_eq!(held, [(HoldKind::Commitment, 100_000), (HoldKind::Commitment, 50_000)]);
        // A reservation is no commitment, and another module's is none of ours.
        let fourth = order.reserve("r3", &[(GOODS, 10_000)]).unwrap();
        assert_eq!(refusal(order.liquidate("l1", Some(fourth), &[order.supplies(1_000)])), "no hold");
        assert_eq!(refusal(order.commit("c5", Some(without), &[(GOODS, 1_000)], Rest::Keep)), "no hold");
        let stores = At::on(&desk, Module::Inventory, "مستودع");
        assert_eq!(refusal(stores.release("e1", fourth)), "no hold");
    });
}

#[test]
fn payroll_posts_five_hundred_lines_at_once_and_stores_issue_what_was_bought() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        desk.allot("2026-10-01", &[(SALARIES, "1,000,000"), (STORES, "500"), (GOODS, "500")]);
        let payroll = At::on(&desk, Module::Hr, "رواتب تشرين الأول");
        let (key, salaries) = (payroll.key(SALARIES), desk.account("2111"));
        let mut lines: Vec<Line> = (0..500)
            .map(|at| Line { key_id: Some(key), note: format!("موظف {at}"), ..debit(salaries, 600_000 + at) })
            .collect();
        let gross: i64 = lines.iter().map(|line| line.debit).sum();
        lines.push(credit(desk.account("630813"), 22_000_000));
        let clerk = &desk.clerk;
        let net = desk.account("630804");
        let input = Liquidation { commitment: None, lines: &lines, payable_id: Some(net), party_id: None };
        let posted = payroll.act(|tx| port::liquidate(tx, clerk, &payroll.call("october"), &input)).unwrap();
        let written = entry(&desk, posted);
        assert_eq!(written.len(), 502);
        assert_eq!(written.last(), Some(&(net, 0, gross - 22_000_000)));
        assert_eq!(desk.buckets(SALARIES, 2026)[5], gross);
        let paid = [debit(net, gross - 22_000_000), credit(desk.account("620201"), gross - 22_000_000)];
        payroll.post("october-paid", &paid).unwrap();

        let stores = At::on(&desk, Module::Inventory, "صرف مواد");
        let (bought, stock, used) = (stores.key(STORES), desk.account("6121"), desk.account("2219"));
        stores.liquidate("in", None, &[Line { key_id: Some(bought), ..debit(stock, 90_000) }]).unwrap();
        let issue = [
            Line { key_id: Some(bought), ..debit(used, 40_000) },
            Line { key_id: Some(bought), ..credit(stock, 40_000) },
        ];
        stores.post("out", &issue).unwrap();
        assert_eq!(desk.buckets(STORES, 2026)[5], 90_000, "an issue spends nothing more");
        let other = [stores.supplies(1_000), Line { key_id: Some(bought), ..credit(stock, 1_000) }];
        assert_eq!(refusal(stores.post("wrong", &other)), "spends_budget");
        assert_eq!(
            refusal(stores.post("wrong", &[debit(stock, 5), credit(stock, 5)])),
            "lines.0.key_id:account_asks lines.1.key_id:account_asks"
        );
        let lame = [debit(desk.account("620202"), 5), credit(desk.account("620201"), 4)];
        assert_eq!(refusal(stores.post("wrong", &lame)), "unbalanced");
    });
}

#[test]
fn the_same_key_does_a_thing_once_and_no_other_thing() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        desk.allot("2026-10-01", &[(GOODS, "1000")]);
        let order = At::on(&desk, Module::Procurement, "شراء");
        let first = order.reserve("r1", &[(GOODS, 100_000)]).unwrap();
        assert_eq!(order.reserve("r1", &[(GOODS, 100_000)]).unwrap(), first);
        assert_eq!(refusal(order.reserve("r1", &[(GOODS, 100_001)])), "idempotency_mismatch");
        assert_eq!(refusal(order.release("r1", first)), "idempotency_mismatch", "another operation");
        let later = order.on_day("2026-10-21");
        assert_eq!(refusal(later.reserve("r1", &[(GOODS, 100_000)])), "idempotency_mismatch", "another day");
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 900_000, 100_000, 0, 0, 0]);
        // The keys of another module are its own.
        let stores = At::on(&desk, Module::Inventory, "مستودع");
        assert_ne!(stores.reserve("r1", &[(GOODS, 100_000)]).unwrap(), first);

        // Eight at once with one key.
        let answers = std::sync::Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let answer = order.commit("c1", Some(first), &[(GOODS, 90_000)], Rest::GiveBack).unwrap();
                    answers.lock().unwrap().push(answer);
                });
            }
        });
        let answers = answers.into_inner().unwrap();
        assert!(answers.len() == 8 && answers.iter().all(|one| *one == answers[0]), "{answers:?}");
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 810_000, 100_000, 90_000, 0, 0]);
        let rows: i64 = desk.count("port_calls");
        assert_eq!(rows, 3);

        // What the caller takes back never was, and its key is free.
        let clerk = &desk.clerk;
        let asked = order.amounts(&[(GOODS, 50_000)]);
        let undone: Outcome<()> = desk.act(clerk, |tx| {
            port::reserve(tx, clerk, &order.call("r9"), &asked)?;
            Err(Refusal::rule("not_after_all", []))
        });
        assert_eq!(refusal(undone), "not_after_all");
        assert_eq!(desk.buckets(GOODS, 2026)[3], 100_000);
        // What is refused leaves nothing, also where the caller goes on and commits.
        let much = order.amounts(&[(GOODS, 999_000)]);
        let gone_on = desk.act(clerk, |tx| Ok(refusal(port::reserve(tx, clerk, &order.call("r9"), &much))));
        assert_eq!(gone_on.unwrap(), "budget_short");
        assert_eq!(desk.count("port_calls"), 3);
        order.reserve("r9", &[(GOODS, 50_000)]).unwrap();
    });
}

#[test]
fn what_is_not_there_or_not_open_or_not_ones_own_is_refused() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        desk.allot("2026-10-01", &[(GOODS, "100")]);
        let order = At::on(&desk, Module::Procurement, "شراء");
        match order.reserve("r1", &[(GOODS, 100_001)]) {
            Err(Refusal::Rule { code: "budget_short", args }) => {
                assert_eq!((args["missing"].as_str(), args["bucket"].as_str()), ("0.001", "available"));
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(refusal(order.reserve("r1", &[])), "lines:required");
        assert_eq!(refusal(order.reserve("r1", &[(GOODS, 0)])), "lines.0.amount:not_positive");
        let clerk = &desk.clerk;
        let unknown = [KeyAmount { key_id: 999_999, amount: 1 }];
        let tried = desk.act(clerk, |tx| port::reserve(tx, clerk, &order.call("r1"), &unknown));
        assert_eq!(refusal(tried), "lines.0.key_id:unknown");
        assert_eq!(refusal(order.reserve(" ", &[(GOODS, 1)])), "key:required");
        let deducted = [order.supplies(5), credit(desk.account("630811"), 6)];
        assert_eq!(refusal(order.liquidate("l1", None, &deducted)), "net_negative");
        let stranger_party = Line { party_id: Some(999_999), ..order.supplies(5) };
        assert_eq!(refusal(order.liquidate("l1", None, &[stranger_party])), "lines.0.party_id:unknown");
        assert_eq!(
            refusal(order.liquidate("l1", None, &[debit(desk.account("2219"), 5)])),
            "lines.0.key_id:account_asks"
        );

        // Another agency: neither the record nor the keys are there.
        let other = desk.app.world.moh.actor(&desk.app.platform.db, "clerk");
        let asked = order.amounts(&[(GOODS, 1_000)]);
        let tried = desk.act(&other, |tx| port::reserve(tx, &other, &order.call("r1"), &asked));
        assert_eq!(refusal(tried), "no record");
        let read = |code: &str| desk.app.platform.db.read_now(|tx| port::party(tx, &other, code));
        assert_eq!(refusal(read("S1")), "party_unknown");
        let found = desk.app.platform.db.read_now(|tx| {
            let party = port::party(tx, clerk, " S1 ")?;
            assert_eq!(port::parties(tx, clerk, "الأفق")?, std::slice::from_ref(&party));
            assert_eq!(refusal(port::account(tx, clerk, "22", day("2026-10-20"))), "account_unknown");
            assert!(port::accounts(tx, clerk, "630801", day("2026-10-20"))?.len() == 1);
            assert_eq!(refusal(port::key(tx, clerk, GOODS, day("2027-10-20"))), "no_fiscal_year");
            assert_eq!(port::key(tx, clerk, GOODS, day("2026-10-20"))?.available, Some(100_000));
            Ok::<_, Refusal>(party.id)
        });
        assert_eq!(found.unwrap(), desk.supplier);

        // Of another year: named by the year it is of.
        let hold = order.reserve("r2", &[(GOODS, 10_000)]).unwrap();
        desk.open(2027).await;
        let next = order.on_day("2027-02-01");
        assert_eq!(refusal(next.release("e1", hold)), "hold_of_other_year");

        // A closed period takes nothing, and what is under way waits for the next.
        for number in 1..=10 {
            let years: Vec<FiscalYear> = desk.app.get(desk.director.user_id, "/api/finance/years").await.ok();
            let year = years.iter().find(|one| one.year == 2026).unwrap();
            let period = year.periods.iter().find(|one| one.number == number).unwrap();
            let path = format!("/api/finance/periods/{}/close", period.id);
            let close = ClosePeriod { to: PeriodState::Closed };
            desk.app.post_at(desk.director.user_id, &path, period.version, &close).await.ok::<FiscalPeriod>();
        }
        assert_eq!(refusal(order.reserve("r3", &[(GOODS, 1)])), "period_closed");
        assert_eq!(refusal(order.release("e1", hold)), "period_closed");
        assert_eq!(refusal(order.liquidate("l1", None, &[order.supplies(5)])), "period_closed");
        let paid = [debit(desk.account("620202"), 5), credit(desk.account("620201"), 5)];
        assert_eq!(refusal(order.post("p1", &paid)), "period_closed");
        let november = order.on_day("2026-11-01");
        assert_eq!(november.release("e1", hold).unwrap(), 10_000);
    });
}

#[test]
fn many_orders_on_one_reservation_never_take_more_than_it_holds() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        desk.allot("2026-10-01", &[(GOODS, "100")]);
        let order = At::on(&desk, Module::Procurement, "شراء");
        let hold = order.reserve("r1", &[(GOODS, 100_000)]).unwrap();
        let (made, short) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for at in 0..10 {
                let (order, made, short) = (&order, &made, &short);
                scope.spawn(move || {
                    match order.commit(&format!("c{at}"), Some(hold), &[(GOODS, 15_000)], Rest::Keep) {
                        Ok(_) => made.fetch_add(1, Ordering::SeqCst),
                        Err(Refusal::Rule { code: "budget_short", .. }) => short.fetch_add(1, Ordering::SeqCst),
                        Err(other) => panic!("{other}"),
                    }
                });
            }
        });
        assert_eq!((made.into_inner(), short.into_inner()), (6, 4), "six times 15 of 100");
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 0, 10_000, 90_000, 0, 0]);
        let open: Vec<i64> = desk
            .app
            .platform
            .db
            .read_now(|tx| {
                let of_hold = port_hold_lines::table.filter(port_hold_lines::hold_id.eq(hold));
                Ok::<_, Refusal>(of_hold.select(port_hold_lines::open).load(tx.conn())?)
            })
            .unwrap();
        assert_eq!(open, [10_000]);
    });
}

#[test]
fn calls_and_what_they_hold_cannot_be_got_past_with_sql() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        desk.allot("2026-10-01", &[(GOODS, "100")]);
        let order = At::on(&desk, Module::Procurement, "شراء");
        let hold = order.reserve("r1", &[(GOODS, 60_000)]).unwrap();
        order.commit("c1", Some(hold), &[(GOODS, 10_000)], Rest::Keep).unwrap();
        let call: i64 = desk
            .app
            .platform
            .db
            .read_now(|tx| {
                Ok::<_, Refusal>(port_calls::table.select(port_calls::id).order(port_calls::id).first(tx.conn())?)
            })
            .unwrap();
        let fresh = |answer: &str, answered: &str| {
            format!(
                "INSERT INTO port_calls (agency_id, module, key, operation, request_hash, answer, record_id, effective_on, called_by, called_at, answered, whole)
                 SELECT agency_id, module, 'forged', operation, request_hash, {answer}, record_id, effective_on, called_by, called_at, {answered}, TRUE
                 FROM port_calls WHERE id = {call}"
            )
        };
        let tries = [
            format!("UPDATE port_calls SET answer = 7 WHERE id = {call}"),
            format!("UPDATE port_calls SET record_id = record_id + 1 WHERE id = {call}"),
            format!("DELETE FROM port_calls WHERE id = {call}"),
            // What is not answered is not committed.
            fresh("NULL", "FALSE"),
            fresh("NULL", "TRUE"),
            format!("UPDATE port_holds SET draws = 0 WHERE id = {hold}"),
            format!("UPDATE port_holds SET kind = 'commitment' WHERE id = {hold}"),
            format!("DELETE FROM port_holds WHERE id = {hold}"),
            format!("UPDATE port_hold_lines SET open = open + 1 WHERE hold_id = {hold}"),
            format!("UPDATE port_hold_lines SET open = -1 WHERE hold_id = {hold}"),
            format!("UPDATE port_hold_lines SET amount = 999999 WHERE hold_id = {hold}"),
            format!("DELETE FROM port_hold_lines WHERE hold_id = {hold}"),
            format!(
                "INSERT INTO port_hold_lines SELECT hold_id, key_id + 1, agency_id, amount, amount FROM port_hold_lines WHERE hold_id = {hold}"
            ),
        ];
        for statement in tries {
            assert!(desk.sql(&statement).is_err(), "went through: {statement}");
        }
        assert_eq!(order.release("e1", hold).unwrap(), 50_000);
    });
}
