//! What a refusal for want of money says: who holds the money now, with the way to it, and what would bring some.

use diesel::prelude::*;
use diwan_finance_api::{DocumentInput, DocumentKind};
use diwan_kernel::ProblemDetail;
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::virement_rules;
use diwan_testkit::both;

use super::office::{FUEL, GOODS, MACHINES, Office};
use crate::ledger::tests::books::{act, day};

/// The lines below a refusal, with an argument each.
fn told<'d>(details: &'d [ProblemDetail], code: &str, arg: &str) -> Vec<&'d str> {
    details.iter().filter(|one| one.code == code).map(|one| one.args[arg].as_str()).collect()
}

fn details<T: std::fmt::Debug>(refused: Outcome<T>) -> Vec<ProblemDetail> {
    match refused {
        Err(Refusal::Rule { code: "budget_short", details, .. }) => details,
        other => panic!("{other:?}"),
    }
}

fn commitment(office: &Office, on: &str, dinars: &str) -> DocumentInput {
    let input = office.input(DocumentKind::Commitment, &[("", GOODS, dinars, "")]);
    DocumentInput { effective_on: day(on), ..input }
}

#[test]
fn who_holds_the_money_is_named_with_day_amount_and_the_way_to_it() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let spent = office.posted(&commitment(&office, "2026-10-19", "20"));
        let contract = office.posted(&commitment(&office, "2026-10-20", "60"));
        for (source, dinars, invoice) in [(spent, "20", "1"), (contract, "25", "2")] {
            let mut voucher = office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, dinars, "")]);
            (voucher.source_id, voucher.reference) = (Some(source), invoice.to_owned());
            office.posted(&voucher);
        }
        let more = office.ready(&commitment(&office, "2026-10-20", "21"));
        let found = details(office.authorise(&office.director, more));
        // The commitment that was spent to the end holds nothing: its voucher does, until it is paid.
        assert_eq!(told(&found, "budget_held_by", "number"), ["ل/2026/2", "ص/2026/2", "ص/2026/1"]);
        assert_eq!(told(&found, "budget_held_by", "amount"), ["35.000", "25.000", "20.000"]);
        assert_eq!(told(&found, "budget_held_by", "day"), ["2026-10-20"; 3]);
        assert_eq!(told(&found, "budget_held_by", "record_kind")[0], "commitment");
        assert_eq!(found[0].to, format!("/finance/documents/{contract}"));
        assert!(found.iter().all(|one| one.code == "budget_held_by"), "nothing brings money: {found:?}");

        // The ten that hold most, and how many more there are.
        for _ in 0..12 {
            office.posted(&commitment(&office, "2026-10-20", "1"));
        }
        let found = details(office.authorise(&office.director, more));
        assert_eq!(told(&found, "budget_held_by", "number").len(), 10);
        assert_eq!(told(&found, "budget_held_more", "count"), ["5"]);
    });
}

#[test]
fn what_would_bring_money_is_said_with_how_much_and_from_where() {
    both(|test| {
        let office = Office::on(test.db());
        let law = [("", GOODS, "200", ""), ("", FUEL, "500", ""), ("", MACHINES, "900", "")];
        office.posted(&office.input(DocumentKind::BudgetLaw, &law));
        office.posted(&office.input(DocumentKind::FinancialOrder, &[("", GOODS, "100", "")]));
        office.posted(&office.input(DocumentKind::Freeze, &[("", GOODS, "30", "")]));
        let stale = office.posted(&commitment(&office, "2026-01-05", "10"));
        let late = DocumentInput { due_on: Some(day("2026-02-01")), ..commitment(&office, "2026-01-20", "15") };
        let late = office.posted(&late);
        let lively = office.posted(&commitment(&office, "2026-01-06", "40"));
        let mut voucher = office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "5", "")]);
        (voucher.source_id, voucher.reference) = (Some(lively), "1".to_owned());
        office.posted(&voucher);

        let more = office.ready(&commitment(&office, "2026-10-20", "80"));
        let found = details(office.authorise(&office.director, more));
        // 35 are available, 45 are missing; 100 have no order yet, 30 of them are frozen.
        assert_eq!(told(&found, "remedy_order", "amount"), ["45.000"]);
        assert_eq!(told(&found, "remedy_order", "there"), ["70.000"]);
        assert_eq!(told(&found, "remedy_unfreeze", "amount"), ["30.000"]);
        assert_eq!(told(&found, "remedy_close", "amount"), ["15.000", "10.000"]);
        let ways: Vec<_> = found.iter().filter(|one| one.code == "remedy_close").map(|one| one.to.as_str()).collect();
        assert_eq!(ways, [format!("/finance/documents/{late}"), format!("/finance/documents/{stale}")]);
        assert_eq!(told(&found, "remedy_virement", "line"), [""; 0], "no rule speaks of one");

        // A rule of the day permits one, from where enough is; another bars it, a third bounds it lower.
        let rule = |from: &str, allowed: bool, percent: Option<i32>| {
            act(&office.db, &office.clerk, |tx| {
                Ok(diesel::insert_into(virement_rules::table)
                    .values((
                        (virement_rules::agency_id.eq(office.clerk.agency_id), virement_rules::from_item.eq(from)),
                        (virement_rules::to_item.eq("22"), virement_rules::allowed.eq(allowed)),
                        (virement_rules::percent.eq(percent), virement_rules::reference.eq("المادة 7")),
                        (virement_rules::active_from.eq(day("2026-01-01")), virement_rules::version.eq(1_i64)),
                    ))
                    .execute(tx.conn())?)
            })
            .unwrap();
        };
        rule("61", false, None);
        rule("22", true, Some(10));
        let found = details(office.authorise(&office.director, more));
        assert_eq!(told(&found, "remedy_virement", "line"), ["10-101-1-2215"], "50 of 500 may go");
        assert_eq!(told(&found, "remedy_virement", "amount"), ["45.000"]);
        assert_eq!(told(&found, "remedy_virement", "reference"), ["المادة 7"]);
        let most = office.ready(&commitment(&office, "2026-10-20", "86"));
        let found = details(office.authorise(&office.director, most));
        assert_eq!(told(&found, "remedy_virement", "line"), [""; 0], "51 are more than a tenth");
    });
}
