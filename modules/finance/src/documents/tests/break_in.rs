//! Direct SQL past every operation: the database refuses what would break the rules, on both.

use diwan_db::Violation;
use diwan_finance_api::{DocumentKind, SliceInput};
use diwan_testkit::both;

use super::office::{GOODS, Office};
use crate::ledger::tests::books::sql;

/// Each statement breaks the rule beside it.
pub(super) fn refused(office: &Office, statements: &[(String, Violation)]) {
    for (statement, rule) in statements {
        let error = sql(&office.db, statement).expect_err(statement);
        assert_eq!(error.violation(), Some(*rule), "{statement}: {error}");
    }
}

/// A duty of the first round as SQL, and for whom it is done.
pub(super) fn duty(record: i64, duty: &str, user: i64, on_behalf_of: &str) -> String {
    format!(
        "INSERT INTO finance_approvals (record_id, round, duty, user_id, on_behalf_of, on_day, done_at)
        VALUES ({record}, 1, '{duty}', {user}, {on_behalf_of}, '2026-11-01', '2026-11-01 00:00:00');"
    )
}

#[test]
fn invariants_3_10_and_12_hold_against_plain_statements() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let id = office.posted(&office.input(DocumentKind::Commitment, &[("", GOODS, "10", "")]));
        let ready = office.ready(&office.input(DocumentKind::Commitment, &[("", GOODS, "10", "")]));
        let (clerk, staff, director) = (office.clerk.user_id, office.staff.user_id, office.director.user_id);
        let approval = |record: i64, duty: &str, user: i64| {
            format!(
                "INSERT INTO finance_approvals (record_id, round, duty, user_id, on_day, done_at)
                 VALUES ({record}, 1, '{duty}', {user}, '2026-11-01', '2026-11-01 00:00:00')"
            )
        };
        let tries = [
            format!("UPDATE finance_documents SET amount = amount + 1 WHERE record_id = {id}"),
            format!("UPDATE finance_documents SET base_amount = 1 WHERE record_id = {id}"),
            format!("UPDATE finance_documents SET party_id = NULL WHERE record_id = {id}"),
            format!("UPDATE finance_documents SET posted_at = NULL WHERE record_id = {id}"),
            format!("UPDATE finance_documents SET to_settle = base_amount + 1 WHERE record_id = {id}"),
            format!("UPDATE finance_documents SET to_settle = -1 WHERE record_id = {id}"),
            format!("DELETE FROM finance_documents WHERE record_id = {id}"),
            format!("UPDATE finance_lines SET amount = amount + 1 WHERE record_id = {id}"),
            format!("UPDATE finance_lines SET key_id = NULL WHERE record_id = {id}"),
            format!("UPDATE finance_lines SET open = base_amount + 1 WHERE record_id = {id}"),
            format!("DELETE FROM finance_lines WHERE record_id = {id}"),
            format!(
                "INSERT INTO finance_lines SELECT record_id, seq + 1, agency_id, account_id, key_id, party_id, centre_id,
                 side, amount, base_amount, open, note FROM finance_lines WHERE record_id = {id}"
            ),
            // Without the last duty nothing is posted.
            format!("UPDATE finance_documents SET posted_at = '2026-11-01 00:00:00' WHERE record_id = {ready}"),
            // One person, two duties; the certifier authorises; nobody without a limit authorises.
            approval(ready, "authorise", clerk),
            approval(ready, "authorise", staff),
            approval(ready, "authorise", office.world.mof.users["head"]),
            format!("UPDATE finance_approvals SET user_id = {director} WHERE record_id = {ready}"),
            format!("DELETE FROM finance_approvals WHERE record_id = {ready}"),
        ];
        for statement in tries {
            assert!(sql(&office.db, &statement).is_err(), "went through: {statement}");
        }
        sql(&office.db, &approval(ready, "authorise", director)).unwrap();
        office.db.read_now(|tx| super::super::view::run(tx, &office.clerk, ready)).unwrap();
    });
}

#[test]
fn invariant_3_of_a_posted_document_nothing_changes_but_what_is_open() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        office.posted(&office.input(DocumentKind::Release, &[("", GOODS, "50", "")]));
        let mut contract = office.input(DocumentKind::Commitment, &[("", GOODS, "10", "")]);
        contract.slices = vec![SliceInput { year: 2027, amount: "5".to_owned() }];
        let id = office.posted(&contract);
        let columns = [
            "year_id = year_id + 1",
            "complementary = TRUE",
            "method = 'cash'",
            "reference_on = '2026-01-02'",
            "invoice_key = 'x'",
            "reverses_id = record_id",
            "source_id = record_id",
            "effective_on = '2026-10-21'",
            "currency = 'USD'",
            "rate = rate + 1",
            "round = round + 1",
            "posted_at = '2026-10-21 08:00:00'",
        ];
        let of_document = columns.map(|set| format!("UPDATE finance_documents SET {set} WHERE record_id = {id}"));
        let of_others = [
            "UPDATE commitment_slices SET amount = amount + 1".to_owned(),
            "DELETE FROM commitment_slices".to_owned(),
            format!("INSERT INTO commitment_slices (record_id, year, amount) VALUES ({id}, 2028, 5)"),
            "DELETE FROM line_cash".to_owned(),
            "UPDATE fiscal_years SET ends_on = '2027-01-31'".to_owned(),
            "UPDATE fiscal_years SET year = 2027".to_owned(),
            "DELETE FROM fiscal_years".to_owned(),
        ];
        let all: Vec<_> = of_document.into_iter().chain(of_others).map(|one| (one, Violation::Immutable)).collect();
        refused(&office, &all);
        refused(&office, &[("UPDATE line_cash SET released = released + 1".to_owned(), Violation::Ledger)]);
    });
}

#[test]
fn invariant_7_numbers_follow_one_another_and_drafts_have_none() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let input = office.input(DocumentKind::Commitment, &[("", GOODS, "10", "")]);
        let (posted, draft) = (office.posted(&input), office.draft(&input).unwrap());
        assert_eq!(office.view(draft).head.number, None);
        let number = |seq: &str| {
            format!(
                "INSERT INTO numbers (register_id, year, seq, record_id, display, taken_at, taken_by)
                SELECT register_id, year, {seq}, {draft}, 'X', taken_at, taken_by FROM numbers WHERE record_id = {posted}"
            )
        };
        refused(
            &office,
            &[
                (number("seq"), Violation::Unique),
                (number("seq + 2"), Violation::Immutable),
                ("UPDATE numbers SET seq = seq + 1".to_owned(), Violation::Immutable),
                (format!("DELETE FROM numbers WHERE record_id = {posted}"), Violation::Immutable),
            ],
        );
        sql(&office.db, &number("seq + 1")).unwrap();
    });
}

#[test]
fn invariants_10_13_and_14_what_is_open_moves_with_its_causes_alone() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let contract = office.posted(&office.input(DocumentKind::Commitment, &[("", GOODS, "10", "")]));
        let advance = office.posted(&office.input(DocumentKind::Advance, &[("620801", "", "5", "")]));
        let deposit = office.posted(&office.input(DocumentKind::Deposit, &[("630815", "", "", "400")]));
        let mut invoice = office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "4", "")]);
        (invoice.source_id, invoice.reference) = (Some(contract), "INV-7".to_owned());
        let voucher = office.ready(&invoice);
        invoice.reference = "INV-8".to_owned();
        let other = office.draft(&invoice).unwrap();
        let settle = |document: i64, to: &str| {
            (format!("UPDATE finance_documents SET to_settle = {to} WHERE record_id = {document}"), Violation::Ledger)
        };
        let open = |to: &str| format!("UPDATE finance_lines SET open = {to} WHERE record_id = {contract};");
        let authorised = duty(voucher, "authorise", office.director.user_id, "NULL");
        refused(
            &office,
            &[
                settle(contract, "to_settle - 1"),
                settle(contract, "0"),
                settle(advance, "to_settle - 1"),
                settle(advance, "0"),
                settle(deposit, "to_settle - 400000"),
                (open("open - 1"), Violation::Ledger),
                (open("0"), Violation::Ledger),
                // Also while a voucher is posted that draws on it: document and lines go together, and neither grows.
                (format!("{authorised} {}", settle(contract, "to_settle - 4000").0), Violation::Ledger),
                (
                    format!("{authorised} {} {}", open("open - 4000"), settle(contract, "to_settle - 4001").0),
                    Violation::Ledger,
                ),
                // The invoice of the other voucher.
                (
                    format!(
                        "UPDATE finance_documents SET invoice_key = (SELECT d.invoice_key FROM finance_documents d
                            WHERE d.record_id = {voucher}) WHERE record_id = {other}"
                    ),
                    Violation::Unique,
                ),
            ],
        );
        office.authorise(&office.director, voucher).unwrap();
        let freed = format!("UPDATE finance_documents SET invoice_key = NULL WHERE record_id = {voucher}");
        refused(&office, &[(freed, Violation::Immutable), (open("base_amount"), Violation::Ledger)]);
        let seen = office.view(contract);
        assert_eq!((seen.to_settle, seen.lines[0].open), (6_000, 6_000));
    });
}

#[test]
fn invariant_12_other_persons_within_their_limits_also_when_it_is_posted() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let ready = office.ready(&office.input(DocumentKind::Commitment, &[("", GOODS, "10", "")]));
        let (clerk, staff, director) = (office.clerk.user_id, office.staff.user_id, office.director.user_id);
        let head = office.world.mof.users["head"];
        let authorised = duty(ready, "authorise", director, "NULL");
        let posted =
            format!("UPDATE finance_documents SET posted_at = '2026-11-01 08:00:00' WHERE record_id = {ready};");
        refused(
            &office,
            &[
                // Who has done a duty does no other one by a deputy, nor as one.
                (duty(ready, "certify", head, &clerk.to_string()), Violation::Ledger),
                (duty(ready, "certify", director, &staff.to_string()), Violation::Ledger),
                (duty(ready, "authorise", staff, &director.to_string()), Violation::Ledger),
                // More than was authorised, or than may be authorised any more.
                (
                    format!(
                        "{authorised} UPDATE finance_documents SET amount = 100000001, base_amount = 100000001
                            WHERE record_id = {ready}; {posted}"
                    ),
                    Violation::Ledger,
                ),
                (format!("{authorised} UPDATE authority_limits SET amount = 9999; {posted}"), Violation::Ledger),
            ],
        );
        sql(&office.db, &duty(ready, "authorise", head, &director.to_string())).unwrap();
    });
}

#[test]
fn invariant_19_a_currency_keeps_its_decimals_and_no_amount_is_nothing() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let draft = office.draft(&office.input(DocumentKind::Commitment, &[("", GOODS, "10", "")])).unwrap();
        let line = |set: &str| (format!("UPDATE finance_lines SET {set} WHERE record_id = {draft}"), Violation::Check);
        refused(
            &office,
            &[
                ("UPDATE currencies SET scale = 2 WHERE code = 'JOD'".to_owned(), Violation::Immutable),
                (format!("UPDATE finance_documents SET rate = 0 WHERE record_id = {draft}"), Violation::Check),
                line("amount = 0"),
                line("base_amount = 0"),
                line("amount = -1"),
            ],
        );
    });
}
