//! What other modules call of finance, as procurement, payroll and stores do, on both databases.

mod carried;
mod guarded;
mod paid;

use diesel::prelude::*;
use diwan_db::{Db, WriteTx};
use diwan_finance::{
    documents,
    port::{self, Call, Commit, HoldKind, KeyAmount, Line, Liquidation, Module, Rest, Standing, credit, debit},
};
use diwan_finance_api::{
    ClosePeriod, DocumentNote, FiscalPeriod, FiscalYear, PayMethod, PeriodState, Report, ReportCell,
};
use diwan_kernel::Lang;
use diwan_platform::{Actor, Outcome, Refusal, records};
use diwan_schema::finance::budget_keys;
use diwan_testkit::{TestDb, both_async};

use crate::finance_desk::{Desk, GOODS, STORES, day, refusal};

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

    /// What is owed to the supplier, paid by transfer.
    fn owed<'l>(&self, commitment: Option<i64>, lines: &'l [Line]) -> Liquidation<'l> {
        Liquidation {
            subject: "فاتورة لوازم",
            commitment,
            lines,
            payable_id: None,
            party_id: self.supplier,
            invoice: "",
            invoiced_on: Some(day(self.on)),
            method: PayMethod::Transfer,
            due_on: None,
        }
    }

    fn liquidate(&self, key: &str, commitment: Option<i64>, lines: &[Line]) -> Outcome<i64> {
        self.liquidate_as(key, &self.owed(commitment, lines))
    }

    fn liquidate_as(&self, key: &str, input: &Liquidation<'_>) -> Outcome<i64> {
        self.act(|tx| port::liquidate(tx, &self.clerk, &self.call(key), input))
    }

    fn standing(&self) -> Standing {
        self.db.read_now(|tx| port::standing(tx, &self.clerk, self.record)).unwrap()
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

/// The version of a record that everybody reads now.
fn version(desk: &Desk, id: i64) -> i64 {
    desk.act(&desk.clerk, |tx| Ok(records::store::load_for_system(tx, id)?.version)).unwrap()
}

/// Certifies and authorises a voucher that a call sent on its way.
fn approve(desk: &Desk, voucher: i64) -> Outcome<()> {
    let (staff, director, note) = (&desk.staff, &desk.director, DocumentNote::default());
    let (sent, secrets) = (version(desk, voucher), &desk.app.platform.secrets);
    desk.act(staff, |tx| documents::certify(tx, staff, voucher, sent, &note))?;
    desk.act(director, |tx| documents::authorise(tx, director, secrets, (voucher, sent), &note))
}

#[test]
fn procurement_reserves_and_orders_higher() {
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
        assert!(held.label.get(Lang::En).starts_with("Pre-committed"));

        order.commit("c1", Some(requisition), &[(GOODS, 4_300_000)], Rest::GiveBack).unwrap();
        assert_eq!(
            desk.buckets(GOODS, 2026),
            [0, 0, 5_700_000, 0, 4_300_000, 0, 0],
            "the excess from what is available"
        );
        let held: Vec<(HoldKind, i64, i64)> =
            order.standing().holds.iter().map(|one| (one.kind, one.amount, one.open)).collect();
        assert_eq!(held, [(HoldKind::Reservation, 4_000_000, 0), (HoldKind::Commitment, 4_300_000, 4_300_000)]);
        assert_eq!(desk.count("port_calls"), 2, "each call leaves its row");
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
fn stores_issue_what_was_bought_and_spend_nothing_more() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        desk.allot("2026-10-01", &[(STORES, "500"), (GOODS, "500")]);
        let order = At::on(&desk, Module::Procurement, "شراء مواد");
        let (bought, stock, used) = (order.key(STORES), desk.account("6121"), desk.account("2219"));
        let voucher = order.liquidate("in", None, &[Line { key_id: Some(bought), ..debit(stock, 90_000) }]).unwrap();
        approve(&desk, voucher).unwrap();
        let stores = At::on(&desk, Module::Inventory, "صرف مواد");
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
fn a_refusal_names_the_records_that_hold_the_money_now() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        desk.allot("2026-10-01", &[(GOODS, "100")]);
        let (request, order) =
            (At::on(&desk, Module::Procurement, "طلب"), At::on(&desk, Module::Procurement, "أمر شراء"));
        let reserved = request.reserve("r1", &[(GOODS, 60_000)]).unwrap();
        let contract = order.commit("c1", Some(reserved), &[(GOODS, 50_000)], Rest::Keep).unwrap();
        let refused = |key: &str| match request.reserve(key, &[(GOODS, 40_001)]) {
            Err(Refusal::Rule { code: "budget_short", args, details }) => {
                let holders = details.iter().filter(|one| one.code == "budget_held_by");
                let held = holders.map(|one| format!("{} {}", one.args["number"], one.args["amount"]));
                let more = details.iter().find(|one| one.code == "budget_held_more");
                (args["count"].clone(), held.collect::<Vec<_>>(), more.map(|one| one.args["count"].clone()))
            }
            other => panic!("{other:?}"),
        };
        let (asks, orders) = (request.record, order.record);
        assert_eq!(refused("r2"), ("2".to_owned(), vec![format!("{orders} 50.000"), format!("{asks} 10.000")], None));
        let voucher = order.liquidate("l1", Some(contract), &[order.supplies(20_000)]).unwrap();
        approve(&desk, voucher).unwrap();
        let three = [format!("{orders} 30.000"), "ص/2026/1 20.000".to_owned(), format!("{asks} 10.000")];
        assert_eq!(refused("r2"), ("3".to_owned(), three.to_vec(), None));
        for at in 0..11 {
            At::on(&desk, Module::Procurement, "طلب").reserve(&format!("m{at}"), &[(GOODS, 1_000)]).unwrap();
        }
        let (count, held, more) = refused("r3");
        assert_eq!((count.as_str(), held.len(), more.as_deref()), ("14", 10, Some("4")));
        assert!(held.starts_with(&three) && held[3..].iter().all(|one| one.ends_with(" 1.000")), "{held:?}");
    });
}

#[test]
fn what_is_not_there_or_not_open_or_not_ones_own_is_refused() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        desk.allot("2026-10-01", &[(GOODS, "100")]);
        let order = At::on(&desk, Module::Procurement, "شراء");
        match order.reserve("r1", &[(GOODS, 100_001)]) {
            Err(Refusal::Rule { code: "budget_short", args, .. }) => {
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
        let nobody = Liquidation { party_id: 999_999, ..order.owed(None, &[]) };
        assert_eq!(refusal(order.liquidate_as("l1", &nobody)), "party_id:unknown");
        assert_eq!(refusal(order.liquidate("l1", None, &[])), "lines:required");
        let elsewhere = Liquidation { payable_id: Some(999_999), ..order.owed(None, &[]) };
        assert_eq!(refusal(order.liquidate_as("l1", &elsewhere)), "payable_id:unknown");
        let stranger_party = Line { party_id: Some(999_999), ..order.supplies(5) };
        assert_eq!(refusal(order.liquidate("l1", None, &[stranger_party])), "lines.0.party_id:unknown");
        assert_eq!(refusal(order.liquidate("l1", None, &[debit(desk.account("2219"), 5)])), "lines.0.key:required");
        assert_eq!(refusal(order.liquidate("l1", None, &[debit(999_999, 5)])), "lines.0.account_id:unknown");
        assert_eq!(desk.count("finance_documents"), 2, "what is refused leaves no voucher behind");

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
