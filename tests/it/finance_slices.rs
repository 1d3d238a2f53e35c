//! Contracts of several years and refusals for want of money over HTTP: what the screens show and do.

use diwan_finance_api::{DocumentKind, DocumentNote, DocumentStep, Report, ReportCell, SliceInput};
use diwan_kernel::Named;
use diwan_testkit::{TestDb, both_async};

use crate::finance_desk::{Desk, GOODS, day};

#[test]
fn the_slice_of_a_year_becomes_a_commitment_of_that_year() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        let (app, clerk) = (&desk.app, desk.clerk.user_id);
        desk.allot("2026-01-10", &[(GOODS, "1000")]);
        let mut contract = desk.input(DocumentKind::Commitment, "2026-02-01", &[["", GOODS, "400", ""]]);
        contract.slices = vec![SliceInput { year: 2027, amount: "300".to_owned() }];
        let id = desk.posted(&contract);
        let seen = desk.view(id).await;
        let path = format!("/api/finance/documents/{id}/slice");
        let on = |day_of: &str| DocumentNote { on: Some(day(day_of)), ..DocumentNote::default() };
        let early = app.post_at(clerk, &path, seen.head.version, &on("2026-12-01")).await;
        assert_eq!(early.refused(409, "slice_not_due").args["year"], "2027");
        let coming = "/api/finance/open/obligations?to=2027-12-31";
        let report: Report = app.get(clerk, coming).await.ok();
        let of_key = &report.rows[0].cells;
        let key = Named { ar: GOODS.to_owned(), en: GOODS.to_owned() };
        assert_eq!(of_key[..2], [ReportCell::Code("2027".to_owned()), ReportCell::Text(key)]);
        assert_eq!(of_key[3], ReportCell::Amount(300_000));
        let linked: Vec<i64> = report.rows.iter().filter_map(|row| row.link.as_ref()).map(|link| link.id).collect();
        assert_eq!(linked, [id]);

        desk.open(2027).await;
        desk.allot("2027-01-03", &[(GOODS, "500")]);
        app.post_at(clerk, &path, seen.head.version + 1, &on("2027-01-05")).await.refused(409, "stale");
        let step: DocumentStep = app.post_at(clerk, &path, seen.head.version, &on("2027-01-05")).await.created();
        let draft = desk.view(step.id).await;
        assert_eq!((draft.year, draft.base_amount), (2027, 300_000));
        assert_eq!(draft.source.map(|one| one.id), Some(id));
        let twice = app.post_at(clerk, &path, desk.view(id).await.head.version, &on("2027-01-05")).await;
        twice.refused(409, "slices_taken");
        desk.finish(step.id).unwrap();
        assert_eq!(desk.buckets(GOODS, 2027)[4], 300_000);
        assert!(app.get(clerk, coming).await.ok::<Report>().rows.is_empty());
    });
}

#[test]
fn a_refusal_for_want_of_money_leads_to_who_holds_it_and_to_what_can_be_done() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        desk.posted(&desk.input(DocumentKind::BudgetLaw, "2026-01-10", &[["", GOODS, "1000", ""]]));
        desk.posted(&desk.input(DocumentKind::FinancialOrder, "2026-01-11", &[["", GOODS, "600", ""]]));
        let holder = desk.posted(&desk.input(DocumentKind::Commitment, "2026-02-01", &[["", GOODS, "400", ""]]));
        let more = desk.draft(&desk.input(DocumentKind::Commitment, "2026-02-02", &[["", GOODS, "250", ""]]));
        let path = |step: &str| format!("/api/finance/documents/{more}/{step}");
        let note = DocumentNote::default();
        for (user, step) in [(desk.clerk.user_id, "submit"), (desk.staff.user_id, "certify")] {
            let version = desk.view(more).await.head.version;
            desk.app.post_at(user, &path(step), version, &note).await.ok::<DocumentStep>();
        }
        let version = desk.view(more).await.head.version;
        let told = desk.app.post_at(desk.director.user_id, &path("authorise"), version, &note).await;
        let told = told.refused(409, "budget_short");
        assert_eq!((told.args["missing"].as_str(), told.args["count"].as_str()), ("50.000", "1"));
        let seen: Vec<(&str, &str, &str)> =
            told.details.iter().map(|one| (one.code.as_str(), one.args["amount"].as_str(), one.to.as_str())).collect();
        let page = format!("/finance/documents/{holder}");
        let order = "/finance/documents/new/financial_order";
        assert_eq!(seen, [("budget_held_by", "400.000", page.as_str()), ("remedy_order", "50.000", order)]);
    });
}
