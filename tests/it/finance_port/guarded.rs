//! What modules hold, under many hands at once and against statements past every operation.

use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::prelude::*;
use diwan_finance::port::{Module, Rest};
use diwan_platform::Refusal;
use diwan_schema::finance::{port_calls, port_hold_lines};
use diwan_testkit::{TestDb, both_async};

use super::{At, approve};
use crate::finance_desk::{Desk, GOODS, refusal};

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
        let contract = order.commit("c1", Some(hold), &[(GOODS, 10_000)], Rest::Keep).unwrap();
        let voucher = order.liquidate("l1", Some(contract), &[order.supplies(4_000)]).unwrap();
        approve(&desk, voucher).unwrap();
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
            // What was drawn comes back with the voucher that drew it and no other way.
            format!("UPDATE port_hold_lines SET open = amount WHERE hold_id = {contract}"),
            "UPDATE port_vouchers SET hold_id = NULL".to_owned(),
            "DELETE FROM port_vouchers".to_owned(),
            format!(
                "INSERT INTO port_vouchers (document_id, agency_id, call_id, hold_id)
                 SELECT d.record_id, c.agency_id, c.id, {contract} FROM port_calls c JOIN finance_documents d ON d.agency_id = c.agency_id
                 WHERE c.id = {call} AND d.record_id <> {voucher}"
            ),
        ];
        for statement in tries {
            assert!(desk.sql(&statement).is_err(), "went through: {statement}");
        }
        assert_eq!(order.release("e1", hold).unwrap(), 50_000);
    });
}

#[test]
fn nothing_is_done_with_a_hold_before_the_day_on_which_it_was_made() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        desk.allot("2026-10-01", &[(GOODS, "100")]);
        let order = At::on(&desk, Module::Procurement, "شراء");
        let early = order.on_day("2026-10-10");
        let hold = order.reserve("r1", &[(GOODS, 60_000)]).unwrap();
        assert_eq!(refusal(early.commit("c1", Some(hold), &[(GOODS, 50_000)], Rest::Keep)), "on:before_day");
        assert_eq!(refusal(early.release("e1", hold)), "on:before_day");
        let contract = order.commit("c1", Some(hold), &[(GOODS, 50_000)], Rest::Keep).unwrap();
        assert_eq!(refusal(early.liquidate("l1", Some(contract), &[early.supplies(1_000)])), "on:before_day");
        assert_eq!(refusal(early.release("e2", contract)), "on:before_day");
        // What needs no hold is dated as it is.
        early.commit("c2", None, &[(GOODS, 10_000)], Rest::Keep).unwrap();
        assert_eq!((order.release("e1", hold).unwrap(), order.release("e2", contract).unwrap()), (10_000, 50_000));
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 90_000, 0, 10_000, 0, 0]);
    });
}
