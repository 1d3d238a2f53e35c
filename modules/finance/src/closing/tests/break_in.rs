//! Statements that go past the operations: what is signed, sealed and ended stays so in the database itself.

use diwan_db::Violation;
use diwan_finance_api::CommitmentDecision;
use diwan_kernel::Permission;
use diwan_testkit::both;

use super::{
    desk::Desk,
    year::{in_january, lived},
};
use crate::ledger::tests::books::sql;

fn refused(desk: &Desk, statements: &[(String, Violation)]) {
    for (statement, expected) in statements {
        let Err(error) = sql(desk.db(), statement) else { panic!("{statement} was taken") };
        assert_eq!(error.violation(), Some(*expected), "{statement}: {error}");
    }
}

#[test]
fn no_statement_signs_for_what_is_not_there() {
    both(|test| {
        let desk = Desk::on(test.db());
        desk.receipt("3");
        desk.close_to(1);
        let [first, second] =
            [("1", false), ("2", true)].map(|(code, other)| desk.rule(code, Permission::FinanceClose, other));
        desk.clearing("620201");
        desk.sign(&desk.closer, 10, first).unwrap();
        let (october, agency, by) = (desk.period(10).id, desk.closer.agency_id, desk.closer.user_id);
        let sign = |rule: &str, entries: i64, reopenings: i64| {
            format!(
                "INSERT INTO period_sign_offs (period_id, agency_id, rule_id, entries, reopenings, note, signed_by, signed_at)
                VALUES ({october}, {agency}, {rule}, {entries}, {reopenings}, '', {by}, '2026-11-01 08:00:00')"
            )
        };
        let accept = |period: i64, finding: &str| {
            format!(
                "INSERT INTO period_acceptances (period_id, agency_id, finding, count, amount, reason, accepted_by, accepted_at)
                VALUES ({period}, {agency}, '{finding}', 1, 1, 'x', {by}, '2026-11-01 08:00:00')"
            )
        };
        let clearing = "(SELECT id FROM closing_rules WHERE kind = 'clearing')";
        let (first, second) = (first.to_string(), second.to_string());
        refused(
            &desk,
            &[
                (sign(&first, 2, 0), Violation::Ledger),
                (sign(&first, 1, 1), Violation::Ledger),
                (sign(&first, 1, 0), Violation::Unique),
                (sign(&second, 1, 0), Violation::Ledger),
                (sign(clearing, 1, 0), Violation::Ledger),
                ("UPDATE period_sign_offs SET entries = 5".to_owned(), Violation::Immutable),
                ("DELETE FROM period_sign_offs".to_owned(), Violation::Immutable),
                (accept(october, "documents"), Violation::Check),
                (accept(desk.period(1).id, "bank_changed"), Violation::Ledger),
            ],
        );
        sql(desk.db(), &accept(october, "bank_changed")).unwrap();
    });
}

#[test]
fn invariants_6_and_17_what_is_sealed_stays_as_it_was_sealed() {
    both(|test| {
        let desk = Desk::on(test.db());
        desk.key();
        desk.receipt("3");
        desk.close_to(3);
        desk.seal(&desk.chief, 1).unwrap();
        let [january, february, march, april] = [1, 2, 3, 4].map(|number| desk.period(number).id);
        let (agency, by) = (desk.chief.agency_id, desk.chief.user_id);
        let seal = |period: i64, seq: i64, before: &str, entries: i64| {
            format!(
                "INSERT INTO period_seals (period_id, agency_id, seq, prev_seq, prev_root, root, entries, statement, key_id, signature,
                    blob_hash, sealed_by, sealed_at)
                SELECT {period}, {agency}, {seq}, {previous}, {before}, '{root}', {entries}, 'x', key_id, 'x', blob_hash, {by},
                    '2026-11-01 08:00:00' FROM period_seals WHERE seq = 1",
                previous = seq - 1,
                root = "a".repeat(64),
            )
        };
        let right = "(SELECT root FROM period_seals WHERE seq = 1)";
        let wrong = format!("'{}'", "b".repeat(64));
        refused(
            &desk,
            &[
                (
                    format!("UPDATE fiscal_periods SET state = 'closed', root = NULL WHERE id = {january}"),
                    Violation::Immutable,
                ),
                (format!("UPDATE fiscal_periods SET root = 'x' WHERE id = {january}"), Violation::Immutable),
                (
                    format!("UPDATE fiscal_periods SET state = 'sealed', root = 'x' WHERE id = {february}"),
                    Violation::Immutable,
                ),
                (seal(march, 2, right, 0), Violation::Ledger),
                (seal(april, 2, right, 0), Violation::Ledger),
                (seal(february, 2, right, 4), Violation::Ledger),
                (seal(february, 2, &wrong, 0), Violation::ForeignKey),
                (seal(february, 3, right, 0), Violation::ForeignKey),
                (seal(february, 2, "NULL", 0), Violation::Check),
                ("UPDATE period_seals SET signature = 'x'".to_owned(), Violation::Immutable),
                ("DELETE FROM period_seals".to_owned(), Violation::Immutable),
                ("DELETE FROM blobs".to_owned(), Violation::ForeignKey),
                (
                    "INSERT INTO finance_approvals (record_id, round, duty, user_id, on_day, done_at)
                    SELECT record_id, round, 'prepare', 1, '2026-11-01', '2026-11-01 08:00:00' FROM finance_documents"
                        .to_owned(),
                    Violation::Immutable,
                ),
            ],
        );
    });
}

#[test]
fn no_statement_ends_a_year_that_is_not_ready() {
    both(|test| {
        let (desk, [drawn, ..]) = lived(&test);
        in_january(&test);
        desk.close_to(12);
        desk.begin();
        desk.decide(&[], CommitmentDecision::Lapse).unwrap();
        let (year, agency) = (desk.year.id, desk.closer.agency_id);
        let [one, other] = [desk.closer.user_id, desk.chief.user_id];
        let opening = format!(
            "INSERT INTO opening_balances (year_id, account_id, key_id, party_id, centre_id, currency, debit, credit, base_debit, base_credit)
            SELECT {year}, id, 0, 0, 0, 'JOD', 1, 0, 1, 0 FROM accounts WHERE code = '620201'"
        );
        refused(
            &desk,
            &[
                (format!("UPDATE year_ends SET state = 'ended' WHERE year_id = {year}"), Violation::Immutable),
                (
                    format!("UPDATE year_ends SET state = 'prepared', prepared_by = {one} WHERE year_id = {year}"),
                    Violation::Check,
                ),
                (
                    format!(
                        "UPDATE year_ends SET confirmed_by = {other}, confirmed_at = '2027-01-01 08:00:00', record_id = {drawn}"
                    ),
                    Violation::Check,
                ),
                (opening.clone(), Violation::Immutable),
                (format!("UPDATE year_end_commitments SET amount = 5 WHERE record_id = {drawn}"), Violation::Immutable),
                (format!("UPDATE year_end_commitments SET carried_id = {drawn}"), Violation::Immutable),
                (format!("DELETE FROM year_ends WHERE year_id = {year}"), Violation::Immutable),
            ],
        );
        desk.prepare().unwrap();
        refused(
            &desk,
            &[
                (
                    format!(
                        "UPDATE year_ends SET confirmed_by = prepared_by, confirmed_at = '2027-01-01 08:00:00', record_id = {drawn}
                        WHERE year_id = {year}"
                    ),
                    Violation::Check,
                ),
                (
                    format!(
                        "UPDATE year_ends SET state = 'ended', confirmed_by = {other}, confirmed_at = '2027-01-01 08:00:00',
                        record_id = {drawn} WHERE year_id = {year}"
                    ),
                    Violation::Ledger,
                ),
                (format!("UPDATE year_end_commitments SET decision = 'carry' WHERE record_id = {drawn}"), Violation::Immutable),
                (format!("DELETE FROM year_end_commitments WHERE record_id = {drawn}"), Violation::Immutable),
                (opening, Violation::Immutable),
            ],
        );
        desk.confirm(&desk.office.director).unwrap();
        let december = desk.period(12).id;
        refused(
            &desk,
            &[
                (format!("UPDATE year_ends SET state = 'prepared' WHERE year_id = {year}"), Violation::Immutable),
                (format!("UPDATE year_ends SET surplus = 0 WHERE year_id = {year}"), Violation::Immutable),
                ("UPDATE opening_balances SET debit = debit + 1 WHERE debit > 0".to_owned(), Violation::Immutable),
                ("DELETE FROM opening_balances".to_owned(), Violation::Immutable),
                (format!("UPDATE year_end_commitments SET amount = 1 WHERE record_id = {drawn}"), Violation::Immutable),
                (
                    format!(
                        "INSERT INTO period_reopenings (period_id, reason, opened_by, opened_at, until_at)
                        VALUES ({december}, 'x', {one}, '2027-01-10 08:00:00', '2027-01-11 08:00:00');
                        UPDATE fiscal_periods SET state = 'open' WHERE id = {december}"
                    ),
                    Violation::Immutable,
                ),
                (
                    format!(
                        "INSERT INTO year_ends (year_id, agency_id, state, surplus_account_id, version)
                        SELECT {year}, {agency}, 'draft', surplus_account_id, 1 FROM year_ends"
                    ),
                    Violation::Unique,
                ),
            ],
        );
    });
}

#[test]
fn invariant_8_no_money_comes_into_the_budget_of_an_ended_year() {
    both(|test| {
        let (desk, _) = lived(&test);
        in_january(&test);
        desk.close_to(12);
        desk.begin();
        desk.decide(&[], CommitmentDecision::Lapse).unwrap();
        desk.prepare().unwrap();
        desk.confirm(&desk.office.director).unwrap();
        let record = desk.end().record_id.unwrap();
        let buckets = ["unallotted", "frozen", "available", "pre_committed", "committed", "obligated", "paid"];
        let before: Vec<String> = buckets.iter().map(|one| format!("before_{one}")).collect();
        let after: Vec<String> = buckets.iter().map(|one| format!("after_{one}")).collect();
        let now: Vec<String> = buckets.iter().map(|one| format!("m.after_{one}")).collect();
        let mut then = now.clone();
        then[0] = "m.after_unallotted + 5".to_owned();
        let line = "(SELECT MIN(id) FROM budget_lines)";
        let statement = format!(
            "UPDATE budget_lines SET seq = seq + 1, unallotted = unallotted + 5, revised = revised + 5 WHERE id = {line};
            INSERT INTO budget_moves (line_id, seq, prev_seq, kind, source, target, amount, record_id, effective_on, recorded_at,
                recorded_by, {before}, {after})
            SELECT m.line_id, m.seq + 1, m.seq, 'law', 'outside', 'unallotted', 5, {record}, '2026-12-31', '2027-01-10 08:00:00',
                m.recorded_by, {now}, {then}
            FROM budget_moves m WHERE m.line_id = {line} ORDER BY m.seq DESC LIMIT 1",
            before = before.join(", "),
            after = after.join(", "),
            now = now.join(", "),
            then = then.join(", "),
        );
        // What is owed is paid, and never available again: that move is as wrong as the other, but for another reason.
        let owed = |kind: &str, target: &str| {
            format!(
                "INSERT INTO budget_moves (line_id, seq, prev_seq, kind, source, target, amount, record_id, effective_on, recorded_at,
                    recorded_by, {before}, {after})
                SELECT m.line_id, m.seq, m.prev_seq, '{kind}', 'obligated', '{target}', 5, {record}, '2026-12-31',
                    '2027-01-10 08:00:00', m.recorded_by, {now}, {now}
                FROM budget_moves m WHERE m.line_id = {line} ORDER BY m.seq DESC LIMIT 1",
                before = before.join(", "),
                after = after.join(", "),
                now = now.join(", "),
            )
        };
        refused(
            &desk,
            &[
                (statement, Violation::Ledger),
                (owed("reverse", "available"), Violation::Ledger),
                (owed("reverse", "committed"), Violation::Ledger),
                (owed("pay", "paid"), Violation::Check),
            ],
        );
    });
}
