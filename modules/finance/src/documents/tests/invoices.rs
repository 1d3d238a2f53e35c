//! The guard of invoices: a supplier is paid for one, once a year, however it is typed and however many try at once.

use std::sync::atomic::{AtomicUsize, Ordering};

use diwan_finance_api::{DocumentInput, DocumentKind};
use diwan_platform::Refusal;
use diwan_testkit::both;

use super::{
    super::submit,
    office::{GOODS, Office, refusal},
};
use crate::ledger::tests::books::{act, day, sql};

fn voucher(office: &Office, reference: &str, on: Option<&str>) -> DocumentInput {
    let mut input = office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "1", "")]);
    input.reference = reference.to_owned();
    input.reference_on = on.map(day);
    input
}

#[test]
fn a_supplier_that_begins_its_numbers_anew_is_paid_in_each_year() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let sent = |reference: &str, on: Option<&str>| {
            let id = office.draft(&voucher(&office, reference, on)).unwrap();
            office.submit(id).map(|()| id)
        };
        sent("فاتورة 17", Some("2025-12-30")).unwrap();
        let this = sent("فاتورة ١٧", Some("2026-01-05")).unwrap();
        for twice in ["فاتورة-17", "فاتورة.17", "فاتورة_#17", "(فاتورة) \\17"] {
            assert_eq!(refusal(sent(twice, Some("2026-12-31"))), "invoice_twice", "{twice}");
        }
        assert_eq!(refusal(sent("فاتورة 17", Some("2025-01-01"))), "invoice_twice");
        // Without its day it could come once more in the year of the voucher.
        assert_eq!(refusal(sent("فاتورة 17", None)), "reference_on:required");
        // The database decides, whoever writes.
        let other = office.draft(&voucher(&office, "99", Some("2026-03-01"))).unwrap();
        let same = format!(
            "UPDATE finance_documents SET invoice_key = (SELECT d.invoice_key FROM finance_documents d WHERE d.record_id = {this})
             WHERE record_id = {other}"
        );
        assert!(sql(&office.db, &same).is_err());
    });
}

#[test]
fn a_supplier_is_paid_for_an_invoice_and_others_without_one() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let blank = office.draft(&voucher(&office, "", None)).unwrap();
        assert_eq!(refusal(office.submit(blank)), "reference:required reference_on:required");
        // What is remitted of deductions spends no budget, and whoever is no supplier writes no invoice.
        let mut remitted = office.input(DocumentKind::PaymentVoucher, &[("630811", "", "5", "")]);
        remitted.reference.clear();
        office.submit(office.draft(&remitted).unwrap()).unwrap();
        sql(&office.db, &format!("UPDATE parties SET kind = 'payee' WHERE id = {}", office.supplier)).unwrap();
        office.submit(blank).unwrap();
    });
}

#[test]
fn one_invoice_sent_by_many_at_once_is_taken_once() {
    both(|test| {
        const HANDS: usize = 8;
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let drafts: Vec<i64> =
            (0..HANDS).map(|_| office.draft(&voucher(&office, "INV 2026/77", Some("2026-10-01"))).unwrap()).collect();
        let (taken, twice) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for id in &drafts {
                scope.spawn(|| match office.submit(*id) {
                    Ok(()) => taken.fetch_add(1, Ordering::SeqCst),
                    Err(Refusal::Rule { code: "invoice_twice", .. }) => twice.fetch_add(1, Ordering::SeqCst),
                    Err(other) => panic!("{other}"),
                });
            }
        });
        assert_eq!((taken.into_inner(), twice.into_inner()), (1, HANDS - 1));
        let under_way = |id: &i64| office.view(*id).head.state == "in_approval";
        let (sent, others): (Vec<i64>, Vec<i64>) = drafts.iter().partition(|id| under_way(id));
        let ([sent], Some(next)) = (&sent[..], others.first()) else { panic!("{sent:?}") };
        // Taken back, it is another one's.
        let version = office.version(*sent);
        act(&office.db, &office.clerk, |tx| submit::withdraw(tx, &office.clerk, *sent, version)).unwrap();
        office.submit(*next).unwrap();
    });
}
