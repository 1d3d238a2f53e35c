//! What a module holds when its year ends and is carried forward: it goes on drawing on it in the next year.

use chrono::NaiveDate;
use diwan_finance::port::{self, Line, Module, Rest, debit};
use diwan_finance_api::{
    BeginYearEnd, Bucket, ClosePeriod, CommitmentDecision, DecideCommitments, DocumentKind, FiscalPeriod, FiscalYear,
    PeriodState, YearEnd, YearEndCommitment, YearEndState,
};
use diwan_kernel::{Page, Permission};
use diwan_testkit::{TestDb, both_async};

use super::{At, approve};
use crate::finance_desk::{Desk, GOODS, day};

#[test]
fn what_is_carried_forward_is_drawn_on_in_the_next_year() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        let (app, director, head) = (&desk.app, desk.director.user_id, desk.app.world.mof.users["head"]);
        for right in [Permission::FinanceRead, Permission::FinanceClose] {
            app.grant(head, right);
        }
        desk.allot("2026-02-01", &[(GOODS, "1000")]);
        desk.posted(&desk.input(DocumentKind::Receipt, "2026-03-01", &[["1421", "", "", "700"]]));
        let order = At::on(&desk, Module::Procurement, "شراء");
        let reserved = order.reserve("r1", &[(GOODS, 400_000)]).unwrap();
        let contract = order.commit("c1", Some(reserved), &[(GOODS, 300_000)], Rest::Keep).unwrap();
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
        app.post(head, &end, &BeginYearEnd::default()).await.created::<YearEnd>();
        let list: Page<YearEndCommitment> = app.get(head, &format!("{end}/commitments")).await.ok();
        let seen: Vec<_> = list.items.iter().map(|one| (one.id, one.hold_id, one.bucket, one.open)).collect();
        assert_eq!(
            seen,
            [
                (order.record, Some(reserved), Bucket::PreCommitted, 100_000),
                (order.record, Some(contract), Bucket::Committed, 180_000)
            ]
        );
        let carry = DecideCommitments {
            ids: Vec::new(),
            holds: Vec::new(),
            decision: CommitmentDecision::Carry,
            reason: "عقد مستمر".to_owned(),
        };
        let decided: YearEnd = app.put(head, &format!("{end}/decisions"), &carry).await.ok();
        assert_eq!((decided.carry.amount, decided.budget.carried, decided.budget.pre_committed), (280_000, 280_000, 0));
        let prepared: YearEnd = app.post_at(head, &format!("{end}/prepare"), decided.version, &()).await.ok();
        let ended: YearEnd = app.post_at(director, &format!("{end}/confirm"), prepared.version, &()).await.ok();
        assert_eq!(ended.state, Some(YearEndState::Ended));
        assert_eq!(ended.budget, decided.budget, "it did what it said");
        assert_eq!((ended.carry.count, ended.carry.amount), (2, 280_000));

        // The same record holds it in the next year, on the same parts of the key.
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 0, 0, 0, 120_000, 0]);
        assert_eq!(desk.buckets(GOODS, 2027), [0, 0, 0, 100_000, 180_000, 0, 0]);
        let holds: Vec<_> = order.standing().holds.iter().map(|one| (one.year, one.open, one.lapsed)).collect();
        assert_eq!(holds, [(2026, 0, false), (2026, 0, false), (2027, 100_000, false), (2027, 180_000, false)]);

        // The module names what it made in its year, and draws on what that became.
        let january = order.on_day("2027-01-10");
        let key = january.db.read_now(|tx| port::key(tx, &january.clerk, GOODS, day("2027-01-10"))).unwrap().id;
        let line = Line { key_id: Some(key), ..debit(january.used, 150_000) };
        let voucher = january.liquidate("l2", Some(contract), &[line]).unwrap();
        approve(&desk, voucher).unwrap();
        assert_eq!(desk.buckets(GOODS, 2027), [0, 0, 0, 100_000, 30_000, 150_000, 0]);
        assert_eq!(january.release("e1", contract).unwrap(), 30_000);
        assert_eq!(january.release("e2", reserved).unwrap(), 100_000);
        assert_eq!(desk.buckets(GOODS, 2027), [0, 0, 130_000, 0, 0, 150_000, 0]);

        // Nobody gets past it with SQL.
        for statement in [
            "UPDATE year_end_holds SET decision = 'lapse'",
            "UPDATE year_end_holds SET carried_id = NULL",
            "DELETE FROM year_end_holds",
            "UPDATE port_hold_lines SET open = open + 1",
        ] {
            assert!(desk.sql(statement).is_err(), "went through: {statement}");
        }
    });
}
