//! What accounts ask for is told to whoever prepares, by the names of the form, and once more where it changed until posting.

use diwan_finance_api::DocumentKind::{self, JournalVoucher, PaymentVoucher, Receipt};
use diwan_testkit::both;

use super::office::{FUEL, GOODS, Office, refusal};
use crate::ledger::tests::books::sql;

#[test]
fn what_an_account_asks_for_is_told_before_others_are_asked_to_approve() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100"), (FUEL, "100")]);
        let change = |set: &str, code: &str| {
            sql(&office.db, &format!("UPDATE accounts SET {set} WHERE code = '{code}'")).unwrap();
        };
        let submit = |kind: DocumentKind, currency: &str, lines: &[(&str, &str, &str, &str)]| {
            let mut input = office.input(kind, lines);
            input.currency = currency.to_owned();
            let id = office.draft(&input).unwrap();
            let told = refusal(office.submit(id));
            assert_eq!(office.view(id).head.state, "draft", "nobody was asked");
            told
        };
        let journal = [("1421", "", "5", ""), ("620801", "", "", "5")];
        assert_eq!(submit(JournalVoucher, "JOD", &journal), "lines.1.party:account_asks");
        let journal = [("1421", "", "5", ""), ("620202", "", "", "5")];
        assert_eq!(submit(JournalVoucher, "USD", &journal), "lines.1.account:account_of_currency");
        assert_eq!(submit(Receipt, "USD", &[("1421", "", "", "5")]), "counter:account_of_currency");
        let out = [("1421", "", "", "5"), ("2219", GOODS, "5.001", "")];
        assert_eq!(submit(Receipt, "JOD", &out), "receipt_pays");
        let two = [("2215", FUEL, "5", ""), ("2219", GOODS, "5", "")];
        let ready = office.ready(&office.input(PaymentVoucher, &two));
        change("needs_centre = TRUE", "2219");
        assert_eq!(submit(PaymentVoucher, "JOD", &two), "lines.1.centre:account_asks");
        assert_eq!(refusal(office.authorise(&office.director, ready)), "lines.1.centre:account_asks");
        change("needs_centre = FALSE", "2219");
        change("active_to = '2026-09-30'", "2215");
        assert_eq!(submit(PaymentVoucher, "JOD", &two), "lines.0.account:account_inactive");
        assert_eq!(refusal(office.authorise(&office.director, ready)), "lines.0.account:account_inactive");
        let seen = office.view(ready);
        assert_eq!((seen.head.state.as_str(), seen.entry_id), ("in_approval", None), "nothing is half posted");
        change("active_to = '2026-10-20'", "2215");
        office.authorise(&office.director, ready).unwrap();
        assert_eq!(office.buckets(FUEL), [0, 0, 95_000, 0, 0, 5_000, 0]);
    });
}
