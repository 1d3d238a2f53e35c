//! The end of a year of contracts of several years, and of what other modules hold: all of it is decided on, nothing is lost.

use diesel::prelude::*;
use diwan_finance_api::{
    Bucket, CommitmentDecision, DocumentInput, DocumentKind, DocumentNote, SliceInput, YearEndCommitment, YearEndQuery,
    YearEndState,
};
use diwan_kernel::PageRequest;
use diwan_platform::Outcome;
use diwan_schema::finance::{budget_keys, year_end_holds};
use diwan_testkit::{TestDb, both};

use super::{desk::Desk, year::in_january};
use crate::{
    closing::year,
    documents::{
        slices,
        tests::office::{FUEL, GOODS, refusal},
    },
    ledger::tests::books::{act, day},
    port::{self, Call, KeyAmount, Module},
    reports::tests::coming::coming,
};

/// A commitment with 300 of the next year and 200 of the one after it.
fn contract(desk: &Desk, key: &str, dinars: &str) -> i64 {
    let slice = |year: i32, amount: &str| SliceInput { year, amount: amount.to_owned() };
    let slices = vec![slice(2027, "300"), slice(2028, "200")];
    let input = desk.office.input(DocumentKind::Commitment, &[("", key, dinars, "")]);
    desk.office.posted(&DocumentInput { slices, ..input })
}

fn listed(desk: &Desk, query: &YearEndQuery) -> (Vec<YearEndCommitment>, Option<String>) {
    let page = desk.db().read_now(|tx| year::commitments(tx, &desk.closer, desk.year.id, query)).unwrap();
    (page.items, page.next)
}

/// What falls on coming years, as of a day.
fn obligations(desk: &Desk, to: &str) -> Vec<(i32, i64)> {
    let found = coming(desk.db(), &desk.closer, to);
    found.into_iter().map(|(year, _, amount, _)| (year, amount)).collect()
}

fn start(desk: &Desk, id: i64) -> Outcome<i64> {
    let version = desk.office.view(id).head.version;
    let clerk = &desk.office.clerk;
    let note = DocumentNote { on: Some(day("2027-01-09")), ..DocumentNote::default() };
    act(desk.db(), clerk, |tx| slices::start(tx, clerk, id, version, &note))
}

/// One contract is drawn to the end, 60 of the other one are open.
fn lived(test: &TestDb) -> (Desk, [i64; 2]) {
    let desk = Desk::on(test.db());
    let office = &desk.office;
    office.allot(&[(GOODS, "1000"), (FUEL, "1000")]);
    let (drawn, open) = (contract(&desk, GOODS, "100"), contract(&desk, FUEL, "100"));
    for (source, account, key, dinars) in [(drawn, "2219", GOODS, "100"), (open, "2215", FUEL, "40")] {
        let mut voucher = office.input(DocumentKind::PaymentVoucher, &[(account, key, dinars, "")]);
        (voucher.source_id, voucher.reference) = (Some(source), format!("INV-{source}"));
        office.posted(&voucher);
    }
    in_january(test);
    desk.close_to(12);
    desk.begin();
    desk.next_year();
    (desk, [drawn, open])
}

#[test]
fn a_contract_that_is_drawn_to_the_end_is_decided_on_and_its_slices_stay() {
    both(|test| {
        let (desk, [drawn, open]) = lived(&test);
        let office = &desk.office;
        let (list, _) = listed(&desk, &YearEndQuery::default());
        let seen: Vec<_> = list.iter().map(|one| (one.id, one.open, one.later)).collect();
        assert_eq!(seen, [(drawn, 0, 500_000), (open, 60_000, 500_000)]);
        assert_eq!(refusal(desk.prepare()), "commitments_undecided");
        // A draft that would take the slices over waits while the year ends.
        let draft = start(&desk, open).unwrap();
        desk.decide(&[], CommitmentDecision::Carry).unwrap();
        desk.prepare().unwrap();
        desk.confirm(&office.director).unwrap();
        assert_eq!(desk.end().state, Some(YearEndState::Ended));
        // Once each on every day, also on those between the last one of the year and that on which it was ended.
        for day in ["2026-12-31", "2027-01-01", "2027-01-09", "2029-12-31"] {
            let of_day = obligations(&desk, day);
            assert_eq!(of_day, [(2027, 300_000), (2027, 300_000), (2028, 200_000), (2028, 200_000)], "{day}");
        }

        // What was open is a commitment of the next year with all of the slices; what was drawn waits for its own.
        let heir = office.view(open).drawn_by;
        let heir = heir.iter().find(|one| one.kind == DocumentKind::Commitment && one.id != draft).unwrap().id;
        let heir = office.view(heir);
        assert_eq!((heir.year, heir.to_settle, heir.head.state.as_str()), (2027, 60_000, "posted"));
        assert_eq!(
            heir.slices.iter().map(|one| (one.year, one.amount)).collect::<Vec<_>>(),
            [(2027, 300_000), (2028, 200_000)]
        );
        assert_eq!(office.view(drawn).head.state, "posted");
        let (list, _) = listed(&desk, &YearEndQuery::default());
        assert_eq!(
            list.iter().map(|one| (one.id, one.decision)).collect::<Vec<_>>(),
            [(drawn, Some(CommitmentDecision::Carry)), (open, Some(CommitmentDecision::Carry))]
        );

        // The next year has its budget: both are committed, the draft from before as well.
        for kind in [DocumentKind::BudgetLaw, DocumentKind::FinancialOrder] {
            let input = office.input(kind, &[("", GOODS, "900", ""), ("", FUEL, "900", "")]);
            office.posted(&DocumentInput { effective_on: day("2027-01-02"), ..input });
        }
        let fresh = start(&desk, drawn).unwrap();
        assert_eq!(refusal(start(&desk, heir.head.id)), "slices_taken");
        for id in [draft, fresh] {
            office.submit(id).unwrap();
            office.certify(&office.staff, id).unwrap();
            office.authorise(&office.director, id).unwrap();
        }
        assert_eq!(obligations(&desk, "2029-12-31"), [(2028, 200_000), (2028, 200_000)]);
        // What was drawn to the end in a year that is over may be closed: nothing of the budget moves.
        office.close(drawn).unwrap();
    });
}

#[test]
fn a_contract_that_lapses_loses_its_slices() {
    both(|test| {
        let (desk, [drawn, open]) = lived(&test);
        desk.decide(&[drawn, open], CommitmentDecision::Lapse).unwrap();
        desk.prepare().unwrap();
        desk.confirm(&desk.office.director).unwrap();
        for day in ["2027-01-01", "2029-12-31"] {
            assert!(obligations(&desk, day).is_empty(), "{day}");
        }
        assert_eq!(obligations(&desk, "2026-12-31").len(), 4, "on its last day they were there");
        for id in [drawn, open] {
            assert_eq!(desk.office.view(id).head.state, "closed");
        }
    });
}

#[test]
fn what_other_modules_hold_is_listed_with_the_others_and_decided_on() {
    both(|test| {
        let desk = Desk::on(test.db());
        let office = &desk.office;
        office.allot(&[(GOODS, "1000")]);
        let record = desk.receipt("10");
        let commitment = desk.commitment(GOODS, "50");
        let key: i64 = desk
            .db()
            .read_now(|tx| {
                let of_code = budget_keys::table.filter(budget_keys::code.eq(GOODS));
                Ok::<_, diwan_platform::Refusal>(of_code.select(budget_keys::id).first(tx.conn())?)
            })
            .unwrap();
        let reserve = |name: &str, amount: i64| {
            let call = Call { module: Module::Procurement, key: name, record_id: record, on: day("2026-10-20") };
            let asked = [KeyAmount { key_id: key, amount }];
            act(desk.db(), &office.clerk, |tx| port::reserve(tx, &office.clerk, &call, &asked)).unwrap()
        };
        let (kept, gone) = (reserve("r1", 30_000), reserve("r2", 20_000));
        in_january(&test);
        desk.close_to(12);
        desk.begin();
        desk.next_year();
        // Commitments first, then what other modules hold, page after page.
        let mut query = YearEndQuery { page: PageRequest { after: None, limit: Some(1) }, ..YearEndQuery::default() };
        let mut seen = Vec::new();
        loop {
            let (items, next) = listed(&desk, &query);
            seen.extend(items.iter().map(|one| (one.id, one.hold_id, one.bucket, one.open)));
            if next.is_none() {
                break;
            }
            query.page.after = next;
        }
        assert_eq!(
            seen,
            [
                (commitment, None, Bucket::Committed, 50_000),
                (record, Some(kept), Bucket::PreCommitted, 30_000),
                (record, Some(gone), Bucket::PreCommitted, 20_000)
            ]
        );
        desk.decide(&[commitment], CommitmentDecision::Lapse).unwrap();
        assert_eq!(refusal(desk.prepare()), "commitments_undecided");
        assert_eq!(refusal(desk.decide_held(&[commitment], CommitmentDecision::Lapse)), "no hold");
        desk.decide_held(&[kept], CommitmentDecision::Carry).unwrap();
        desk.decide_held(&[gone], CommitmentDecision::Lapse).unwrap();
        let plan = desk.end();
        assert_eq!((plan.carry.amount, plan.lapse.amount, plan.held.amount), (30_000, 70_000, 50_000));
        assert_eq!((plan.budget.carried, plan.budget.pre_committed), (30_000, 20_000));
        desk.prepare().unwrap();
        // What nobody decided on cannot lapse, whoever writes it.
        let forged = act(desk.db(), &desk.closer, |tx| {
            Ok(diesel::delete(year_end_holds::table.filter(year_end_holds::hold_id.eq(gone))).execute(tx.conn())?)
        });
        assert!(forged.is_err());
        desk.confirm(&office.director).unwrap();
        assert_eq!(desk.end().budget, plan.budget, "it did what the plan said");
        let standing = desk.db().read_now(|tx| port::standing(tx, &office.clerk, record)).unwrap();
        let holds: Vec<_> = standing.holds.iter().map(|one| (one.year, one.amount, one.open, one.lapsed)).collect();
        assert_eq!(holds, [(2026, 30_000, 0, false), (2026, 20_000, 0, true), (2027, 30_000, 30_000, false)]);
    });
}
