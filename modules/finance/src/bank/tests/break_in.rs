//! Statements of SQL that go past the operations: the database itself refuses.

use diwan_db::Violation;
use diwan_testkit::both;

use super::counter::{Counter, mt940};
use crate::ledger::tests::books::sql;

const MARCH: (&str, &str) = ("2026-03-01", "2026-03-31");

/// Each statement breaks the rule beside it.
fn refused(counter: &Counter, statements: &[(String, Violation)]) {
    for (statement, rule) in statements {
        let error = sql(&counter.books.db, statement).expect_err(statement);
        assert_eq!(error.violation(), Some(*rule), "{statement}: {error}");
    }
}

/// A match as SQL.
fn pairing(counter: &Counter, line: i64, (entry, seq): (i64, i32), amount: i64) -> String {
    format!(
        "INSERT INTO bank_matches (bank_account_id, line_id, entry_id, seq, amount, rule, why, matched_by, matched_at)
        VALUES ({}, {line}, {entry}, {seq}, {amount}, 'manual', '{{}}', {}, '2026-03-31 08:00:00')",
        counter.account, counter.treasurer.user_id
    )
}

/// The next statement of the account as SQL.
fn statement(counter: &Counter, seq: i64, (opening, closing): (i64, i64), loaded: &str) -> String {
    format!(
        "INSERT INTO bank_statements (agency_id, bank_account_id, seq, prev_seq, number, bank_seq, starts_on, ends_on, currency,
            opening, closing, lines, format, blob_hash, file_name, imported_by, imported_at, loaded, whole)
        SELECT agency_id, bank_account_id, {seq}, {}, 'X{seq}', {seq}, starts_on, ends_on, currency, {opening}, {closing}, 0, format,
            blob_hash, file_name, {}, imported_at, {loaded}, TRUE FROM bank_statements WHERE seq = 1",
        seq - 1,
        counter.treasurer.user_id
    )
}

#[test]
fn invariant_11_no_statement_and_no_line_is_made_up() {
    both(|test| {
        let counter = Counter::on(test.db());
        let id = counter.bring(&mt940(1, 100, MARCH, &[("2026-03-03", 50, "In")]));
        let copy_line = format!(
            "INSERT INTO bank_lines (statement_id, bank_account_id, statement_seq, ordinal, occurrence, value_on, booked_on, incoming,
                amount, matched, kind, reference, bank_reference, counterparty, counterparty_account, details, parts, reversal, fold)
            SELECT statement_id, bank_account_id, statement_seq, 7, 1, value_on, booked_on, incoming, amount, 0, kind, reference,
                bank_reference, counterparty, counterparty_account, details, parts, reversal, fold FROM bank_lines
            WHERE statement_id = {id} AND ordinal = 1"
        );
        refused(
            &counter,
            &[
                // Neither a gap, nor one that is whole by its own word, nor one that stays without its lines.
                (statement(&counter, 2, (151, 151), "FALSE"), Violation::ForeignKey),
                (statement(&counter, 3, (150, 150), "FALSE"), Violation::ForeignKey),
                (statement(&counter, 2, (150, 150), "TRUE"), Violation::Ledger),
                (statement(&counter, 2, (150, 150), "FALSE"), Violation::ForeignKey),
                (
                    format!(
                        "{}; UPDATE bank_statements SET loaded = TRUE WHERE seq = 2",
                        statement(&counter, 2, (150, 151), "FALSE")
                    ),
                    Violation::Ledger,
                ),
                (format!("UPDATE bank_statements SET closing = 151 WHERE id = {id}"), Violation::Immutable),
                (format!("DELETE FROM bank_statements WHERE id = {id}"), Violation::Immutable),
                (copy_line, Violation::Immutable),
                ("UPDATE bank_lines SET amount = 60".to_owned(), Violation::Immutable),
                ("DELETE FROM bank_lines".to_owned(), Violation::Immutable),
                (
                    format!("UPDATE bank_accounts SET currency = 'USD' WHERE id = {}", counter.account),
                    Violation::Immutable,
                ),
            ],
        );
        sql(
            &counter.books.db,
            &format!(
                "{}; UPDATE bank_statements SET loaded = TRUE WHERE seq = 2",
                statement(&counter, 2, (150, 150), "FALSE")
            ),
        )
        .unwrap();
        refused(
            &counter,
            &[(format!("UPDATE bank_statements SET loaded = FALSE WHERE id = {id}"), Violation::Immutable)],
        );
    });
}

#[test]
fn invariant_11_no_line_of_either_side_is_matched_beyond_its_amount() {
    both(|test| {
        let counter = Counter::on(test.db());
        let entry = counter.post("2026-03-02", &[(100, ""), (40, ""), (-30, "")]);
        counter.bring(&mt940(
            1,
            0,
            MARCH,
            &[("2026-03-03", 100, "In"), ("2026-03-03", 60, "In"), ("2026-03-04", -30, "Out")],
        ));
        let [(hundred, ..), (sixty, ..), (out, ..)] = counter.lines()[..] else { panic!() };
        let pair = |line, of, amount| pairing(&counter, line, of, amount);
        sql(&counter.books.db, &pair(hundred, (entry, 1), 70)).unwrap();
        refused(
            &counter,
            &[
                // More than is left of the entry, of the line, of either by two matches.
                (pair(sixty, (entry, 1), 31), Violation::Check),
                (pair(hundred, (entry, 2), 31), Violation::Check),
                (pair(sixty, (entry, 2), 41), Violation::Check),
                (pair(sixty, (entry, 2), 0), Violation::Check),
                (pair(hundred, (entry, 1), 10), Violation::Unique),
                // In the other direction, on the other account, or not there.
                (pair(out, (entry, 2), 10), Violation::Ledger),
                (pair(sixty, (entry, 3), 10), Violation::Ledger),
                (pair(out, (entry, 4), 10), Violation::Ledger),
                (pair(sixty, (entry, 99), 10), Violation::Ledger),
                // The counters are what the matches say.
                (format!("UPDATE bank_lines SET matched = 0 WHERE id = {hundred}"), Violation::Ledger),
                (format!("UPDATE bank_lines SET matched = 60 WHERE id = {sixty}"), Violation::Ledger),
                (format!("UPDATE cleared_lines SET cleared = 0 WHERE entry_id = {entry}"), Violation::Ledger),
                (format!("UPDATE cleared_lines SET amount = 900 WHERE entry_id = {entry}"), Violation::Ledger),
                (
                    format!("INSERT INTO cleared_lines (entry_id, seq, amount, cleared) VALUES ({entry}, 2, 41, 0)"),
                    Violation::Ledger,
                ),
                (format!("DELETE FROM cleared_lines WHERE entry_id = {entry}"), Violation::Immutable),
                ("UPDATE bank_matches SET amount = 1".to_owned(), Violation::Immutable),
            ],
        );
        sql(&counter.books.db, "DELETE FROM bank_matches").unwrap();
        assert_eq!((counter.lines()[0].2, counter.cleared(entry, 1)), (0, 0));
    });
}

#[test]
fn invariant_11_what_is_reconciled_stays() {
    both(|test| {
        let counter = Counter::on(test.db());
        counter.post("2026-03-02", &[(100, "DEP-00100"), (60, "")]);
        let statement =
            counter.bring(&mt940(1, 0, MARCH, &[("2026-03-03", 100, "DEP-00100"), ("2026-03-30", 9, "Interest")]));
        counter.accept(&[]).unwrap();
        let id = counter.begin(statement).unwrap();
        let set = |columns: &str| format!("UPDATE reconciliations SET {columns} WHERE record_id = {id}");
        refused(
            &counter,
            &[
                // A draft is not approved at once, its sides meet, and there is one.
                (set("bank_only = 5"), Violation::Check),
                (
                    format!(
                        "INSERT INTO reconciliations (record_id, agency_id, bank_account_id, last_seq, day, state, book_balance,
                            bank_balance, bank_only, books_only, prepared_by)
                        SELECT {}, agency_id, bank_account_id, last_seq, day, state, 0, 0, 0, 0, prepared_by FROM reconciliations",
                        counter.books.record
                    ),
                    Violation::Unique,
                ),
            ],
        );
        counter.submit(id).unwrap();
        let gone = || (format!("DELETE FROM reconciliations WHERE record_id = {id}"), Violation::Immutable);
        let sealed = format!("approved_at = '2026-04-01 08:00:00', root = '{}'", "a".repeat(64));
        refused(
            &counter,
            &[
                (set(&format!("state = 'approved', approved_by = prepared_by, {sealed}")), Violation::Check),
                (set(&format!("state = 'approved', {sealed}")), Violation::Check),
                gone(),
                (set("content = 'x'"), Violation::Immutable),
                (set("book_balance = 1, bank_balance = 1, bank_only = 0, books_only = 0"), Violation::Immutable),
                ("DELETE FROM bank_matches".to_owned(), Violation::Immutable),
                ("UPDATE bank_matches SET reconciliation_id = NULL".to_owned(), Violation::Immutable),
            ],
        );
        counter.approve(&counter.manager, id).unwrap();
        refused(
            &counter,
            &[
                (set("state = 'draft', submitted_at = NULL, content = NULL"), Violation::Immutable),
                gone(),
                (set("day = '2026-03-30'"), Violation::Immutable),
                ("DELETE FROM bank_matches".to_owned(), Violation::Immutable),
                ("UPDATE bank_matches SET reconciliation_id = NULL".to_owned(), Violation::Immutable),
                (format!("UPDATE bank_statements SET loaded = FALSE WHERE id = {statement}"), Violation::Immutable),
            ],
        );
    });
}
