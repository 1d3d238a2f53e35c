//! Wrong input: each cell is told, and nothing is half saved.

use diesel::prelude::*;
use diwan_finance_api::{DocumentInput, DocumentKind, LineInput, PayMethod, SliceInput};
use diwan_platform::Refusal;
use diwan_schema::finance::{authority_limits, finance_documents, parties};
use diwan_testkit::both;

use super::office::{FUEL, GOODS, Office, refusal};
use crate::ledger::tests::books::{act, day, sql};

#[test]
fn every_wrong_cell_is_told_by_its_row() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let good = office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "10", "")]);
        let wrong = |change: &dyn Fn(&mut DocumentInput)| {
            let mut input = good.clone();
            change(&mut input);
            refusal(office.draft(&input))
        };
        let line = |change: &dyn Fn(&mut LineInput)| wrong(&|input| change(&mut input.lines[0]));
        assert_eq!(line(&|line| line.account = String::new()), "lines.0.account:required");
        assert_eq!(line(&|line| line.account = "9999".into()), "lines.0.account:account_unknown");
        assert_eq!(line(&|line| line.account = "22".into()), "lines.0.account:account_not_leaf");
        assert_eq!(line(&|line| line.key = String::new()), "lines.0.key:required", "the account spends budget");
        assert_eq!(
            line(&|line| line.key = FUEL.into()),
            "lines.0.key:key_unknown",
            "nothing was ever appropriated there"
        );
        assert_eq!(line(&|line| line.party = "X".into()), "lines.0.party:party_unknown");
        assert_eq!(line(&|line| line.centre = "X".into()), "lines.0.centre:centre_unknown");
        assert_eq!(line(&|line| line.debit = String::new()), "lines.0.debit:required");
        assert_eq!(line(&|line| line.credit = "1".into()), "lines.0.credit:one_side");
        assert_eq!(line(&|line| line.debit = "-1".into()), "lines.0.debit:not_positive");
        assert_eq!(line(&|line| line.debit = "0".into()), "lines.0.debit:not_positive");
        assert_eq!(line(&|line| line.debit = "1.0005".into()), "lines.0.debit:decimals");
        assert_eq!(line(&|line| line.debit = "عشرة".into()), "lines.0.debit:amount_form");
        assert_eq!(line(&|line| line.debit = "9".repeat(30)), "lines.0.debit:too_large");
        assert_eq!(line(&|line| line.note = "\u{202e}".into()), "lines.0.note:control_characters");
        assert_eq!(wrong(&|input| input.subject = " ".into()), "subject:required");
        assert_eq!(wrong(&|input| input.currency = "XXX".into()), "currency:unknown");
        assert_eq!(wrong(&|input| input.party_id = Some(999_999)), "party_id:unknown");
        assert_eq!(wrong(&|input| input.method = PayMethod::None), "method:required");
        assert_eq!(wrong(&|input| input.source_id = Some(1)), "source_id:unknown");
        assert_eq!(wrong(&|input| input.counter = "2219".into()), "counter:counter_budgeted");
        assert_eq!(wrong(&|input| input.counter = "6".into()), "counter:account_not_leaf");
        assert_eq!(wrong(&|input| input.complementary = true), "effective_on:last_day_of_year");
        assert_eq!(wrong(&|input| input.effective_on = day("2031-01-01")), "no_fiscal_year");
        assert_eq!(wrong(&|input| input.currency = "JPY".into()), "no_rate");
        assert_eq!(wrong(&|input| input.kind = DocumentKind::BudgetLaw), "method:not_asked");
        let slice = SliceInput { year: 2027, amount: "1".into() };
        assert_eq!(wrong(&|input| input.slices = vec![slice.clone()]), "slices:not_asked");
        // A pasted sheet: Arabic digits, marks of thousands, blank rows between.
        let mut pasted = good.clone();
        pasted.lines[0].account = " ٢٢١٩ ".into();
        pasted.lines[0].debit = "١٬٢٣٤٫٥٦٧".into();
        pasted.lines.insert(0, LineInput::default());
        let id = office.draft(&pasted).unwrap();
        assert_eq!(office.view(id).lines[0].amount, 1_234_567);
        pasted.lines[1].account = "٩٩٩".into();
        assert_eq!(
            refusal(office.draft(&pasted)),
            "lines.1.account:account_unknown",
            "rows as they stand on the screen"
        );
        let drafts: i64 =
            office.db.read_now(|tx| Ok::<_, Refusal>(finance_documents::table.count().get_result(tx.conn())?)).unwrap();
        assert_eq!(drafts, 3, "law, order, and the one good voucher");
    });
}

#[test]
fn what_others_are_asked_to_approve_is_complete_and_no_invoice_comes_twice() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let submit = |change: &dyn Fn(&mut DocumentInput)| {
            let mut input = office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "10", "")]);
            change(&mut input);
            let id = office.draft(&input).unwrap();
            refusal(office.submit(id))
        };
        assert_eq!(submit(&|input| input.lines.clear()), "lines:required");
        assert_eq!(submit(&|input| input.party_id = None), "party_id:required");
        let mut input = office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "10", "")]);
        input.reference = "فاتورة ٧٧/A".into();
        let first = office.draft(&input).unwrap();
        office.submit(first).unwrap();
        assert_eq!(submit(&|input| input.reference = "فاتورة 77-a".into()), "invoice_twice");
        let lame = [("2219", GOODS, "10", ""), ("2219", GOODS, "", "9")];
        let journal = office.draft(&office.input(DocumentKind::JournalVoucher, &lame)).unwrap();
        assert_eq!(refusal(office.submit(journal)), "unbalanced");
    });
}

#[test]
fn what_is_paid_later_is_owed_until_then() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        for (kind, line) in [
            (DocumentKind::PaymentVoucher, ("2219", GOODS, "10", "")),
            (DocumentKind::Advance, ("620801", "", "10", "")),
        ] {
            let on = |counter: &str| DocumentInput { counter: counter.to_owned(), ..office.input(kind, &[line]) };
            for paid_twice in ["620201", "620802", "1421"] {
                assert_eq!(refusal(office.draft(&on(paid_twice))), "counter:counter_not_owed");
            }
            office.posted(&on("630801"));
        }
        let received = office.input(DocumentKind::Receipt, &[("1421", "", "", "10")]);
        office.posted(&DocumentInput { counter: "620202".to_owned(), ..received });
    });
}

#[test]
fn each_duty_is_another_persons_and_limits_hold_on_the_day() {
    both(|test| {
        let office = Office::on(test.db());
        let law = |amount: &str| office.input(DocumentKind::BudgetLaw, &[("", GOODS, amount, "")]);
        let id = office.draft(&law("100,000.001")).unwrap();
        assert_eq!(refusal(office.certify(&office.staff, id)), "certify in draft");
        office.submit(id).unwrap();
        assert_eq!(refusal(office.certify(&office.director, id)), "not_your_task");
        assert_eq!(refusal(office.certify(&office.clerk, id)), "not_your_task");
        office.certify(&office.staff, id).unwrap();
        assert_eq!(refusal(office.authorise(&office.staff, id)), "not_your_task");
        assert_eq!(refusal(office.authorise(&office.director, id)), "no_authority", "one fils above the limit");
        let small = office.ready(&law("100,000"));
        act(&office.db, &office.clerk, |tx| {
            Ok(diesel::update(authority_limits::table)
                .set(authority_limits::active_to.eq(Some(day("2026-10-31"))))
                .execute(tx.conn())?)
        })
        .unwrap();
        assert_eq!(refusal(office.authorise(&office.director, small)), "no_authority", "over since yesterday");

        // Who is paid certifies nothing of it.
        let mut input = office.input(DocumentKind::Advance, &[("620801", "", "10", "")]);
        input.party_id = Some(office.employee);
        let own = office.draft(&input).unwrap();
        office.submit(own).unwrap();
        assert_eq!(refusal(office.certify(&office.staff, own)), "payee_approves");
        // A right that is missing, and another agency's document.
        assert_eq!(
            refusal(act(&office.db, &office.staff, |tx| super::super::save::create(tx, &office.staff, &law("1")))),
            "finance.budget"
        );
        let stranger = office.world.moh.actor(&office.db, "clerk");
        assert_eq!(refusal(office.certify(&stranger, own)), "no finance_document");
        act(&office.db, &office.clerk, |tx| {
            Ok(diesel::update(parties::table).set(parties::active.eq(false)).execute(tx.conn())?)
        })
        .unwrap();
        assert_eq!(refusal(office.draft(&input)), "party_id:party_inactive");
    });
}

#[test]
fn a_closed_period_takes_nothing_and_a_soft_closed_one_journals_only() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let voucher = office.ready(&office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "10", "")]));
        let order = office.ready(&office.input(DocumentKind::FinancialOrder, &[("", GOODS, "", "10")]));
        let lines = [("1421", "", "1", ""), ("1431", "", "", "1")];
        let journal = office.ready(&office.input(DocumentKind::JournalVoucher, &lines));
        sql(&office.db, "UPDATE fiscal_periods SET state = 'soft_closed' WHERE number = 10").unwrap();
        assert_eq!(refusal(office.authorise(&office.director, voucher)), "period_closed");
        assert_eq!(refusal(office.authorise(&office.director, order)), "period_closed");
        office.authorise(&office.director, journal).unwrap();
        assert_eq!(office.buckets(GOODS), [0, 0, 100_000, 0, 0, 0, 0]);
    });
}
