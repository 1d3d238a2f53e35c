//! Statements that go past the operations: the database itself refuses to lie.

use diwan_db::Violation;
use diwan_finance_api::{Bucket, DocumentKind, MoveKind};
use diwan_platform::{Outcome, Refusal};
use diwan_testkit::both;

use super::books::{Books, act, day, record, sql};
use crate::{
    ledger::{Entry, Spend, moves::Buckets},
    structure::years,
};

/// A row of the budget ledger as SQL.
fn row(
    books: &Books,
    seq: i64,
    (source, target, amount): (&str, &str, i64),
    before: Buckets,
    after: Buckets,
) -> String {
    let numbers = |buckets: Buckets| buckets.map(|one| one.to_string()).join(", ");
    format!(
        "INSERT INTO budget_moves (line_id, seq, prev_seq, kind, source, target, amount, record_id, effective_on, recorded_at,
            recorded_by, before_unallotted, before_frozen, before_available, before_pre_committed, before_committed,
            before_obligated, before_paid, after_unallotted, after_frozen, after_available, after_pre_committed, after_committed,
            after_obligated, after_paid)
        VALUES ({}, {seq}, {}, 'commit', '{source}', '{target}', {amount}, {}, '2026-03-10', '2026-03-10 08:00:00', {}, {}, {})",
        books.key.line_id,
        seq - 1,
        books.record,
        books.actor.user_id,
        numbers(before),
        numbers(after),
    )
}

/// An entry of March as SQL, without its lines.
fn entry(books: &Books) -> String {
    format!(
        "INSERT INTO entries (id, agency_id, period_id, record_id, kind, effective_on, recorded_at, recorded_by)
        VALUES (900, {}, {}, {}, 'receipt', '2026-03-10', '2026-03-10 08:00:00', {});",
        books.actor.agency_id, books.year.periods[2].id, books.record, books.actor.user_id,
    )
}

/// A line of it: account, key and party, debit and credit.
fn entry_line(
    books: &Books,
    seq: i64,
    (account, key, party): (i64, &str, &str),
    (debit, credit): (i64, i64),
) -> String {
    format!(
        "INSERT INTO entry_lines (entry_id, seq, agency_id, period_id, effective_on, account_id, key_id, party_id, currency, debit,
            credit, base_debit, base_credit, note)
        VALUES (900, {seq}, {}, {}, '2026-03-10', {account}, {key}, {party}, 'JOD', {debit}, {credit}, {debit}, {credit}, '');",
        books.actor.agency_id, books.year.periods[2].id,
    )
}

const POSTED: &str = "INSERT INTO posted_entries (entry_id, lines, total) VALUES (900, 2, 50);";

#[test]
fn invariants_8_and_9_no_money_leaves_a_line_without_its_move() {
    both(|test| {
        let books = Books::on(test.db());
        let line = books.key.line_id;
        books.allot(line, 1_000);
        let there = [0, 0, 1_000, 0, 0, 0, 0];
        let commit = |seq, amount, before, after| row(&books, seq, ("available", "committed", amount), before, after);
        let left = [0, 0, 600, 0, 400, 0, 0];
        // With the line moved along, as if somebody wrote both by hand.
        let with_line = |seq: i64, amount: i64, before, after: Buckets| {
            let [_, _, available, _, committed, ..] = after;
            format!(
                "UPDATE budget_lines SET seq = {seq}, available = {available}, committed = {committed}, revised = {}
                WHERE id = {line}; {}",
                available + committed,
                commit(seq, amount, before, after)
            )
        };
        for (statement, refused) in [
            // A bucket without a move, in every way.
            (
                format!("UPDATE budget_lines SET available = 2000, revised = 2000 WHERE id = {line}"),
                Violation::ForeignKey,
            ),
            (format!("UPDATE budget_lines SET available = 500 WHERE id = {line}"), Violation::Check),
            (
                format!("UPDATE budget_lines SET available = 500, committed = 500 WHERE id = {line}"),
                Violation::ForeignKey,
            ),
            (format!("UPDATE budget_lines SET available = -1, committed = 1001 WHERE id = {line}"), Violation::Check),
            (format!("UPDATE budget_lines SET seq = 1 WHERE id = {line}"), Violation::ForeignKey),
            (format!("DELETE FROM budget_lines WHERE id = {line}"), Violation::Immutable),
            // A move that does not add up, takes what is not there, or does not follow the last one.
            (commit(3, 400, there, left), Violation::Ledger),
            (with_line(3, 400, there, [0, 0, 500, 0, 400, 0, 0]), Violation::Check),
            (with_line(3, 1_001, there, [0, 0, -1, 0, 1_001, 0, 0]), Violation::Check),
            (with_line(3, 400, [0, 0, 5_000, 0, 0, 0, 0], [0, 0, 4_600, 0, 400, 0, 0]), Violation::ForeignKey),
            (with_line(4, 400, there, left), Violation::ForeignKey),
            (with_line(2, 400, there, left), Violation::Unique),
            (with_line(3, 0, there, there), Violation::Check),
            // What is spent has an entry.
            (
                format!(
                    "UPDATE budget_lines SET seq = 3, available = 600, obligated = 400 WHERE id = {line}; {}",
                    row(&books, 3, ("available", "obligated", 400), there, [0, 0, 600, 0, 0, 400, 0])
                ),
                Violation::Check,
            ),
            ("UPDATE budget_moves SET amount = 1".to_owned(), Violation::Immutable),
            ("DELETE FROM budget_moves".to_owned(), Violation::Immutable),
        ] {
            let Err(error) = sql(&books.db, &statement) else { panic!("{statement} was taken") };
            assert_eq!(error.violation(), Some(refused), "{statement}: {error}");
        }
        assert_eq!(books.buckets(line), there);
    });
}

#[test]
fn invariants_1_2_5_and_6_no_lie_comes_into_the_general_ledger() {
    both(|test| {
        let books = Books::on(test.db());
        books.allot(books.key.line_id, 10_000);
        let posted = books.post(&books.invoice(1_000)).unwrap();
        let march = books.year.periods[2].id;
        let entry = entry(&books);
        let line = |seq: i64, account: i64, party: &str, debit: i64, credit: i64| {
            entry_line(&books, seq, (account, "NULL", party), (debit, credit))
        };
        let done = POSTED;
        let (bank, payable, expense) = (books.bank, books.payable, books.expense);
        let party = books.supplier.to_string();
        let good = [entry.clone(), line(1, bank, "NULL", 50, 0), line(2, payable, &party, 0, 50)].concat();
        let other = |from: &str, to: &str| good.replace(from, to) + done;
        for (statement, refused) in [
            (good.clone(), Violation::ForeignKey),
            ([&entry, done].concat(), Violation::Ledger),
            (
                [&entry, &line(1, bank, "NULL", 50, 0), &line(2, payable, &party, 0, 49), done].concat(),
                Violation::Ledger,
            ),
            (
                [&entry, &line(1, bank, "NULL", 50, 0), &line(2, payable, "NULL", 0, 50), done].concat(),
                Violation::Ledger,
            ),
            (
                [&entry, &line(1, books.group, "NULL", 50, 0), &line(2, payable, &party, 0, 50), done].concat(),
                Violation::Ledger,
            ),
            // An expense without its budget.
            (
                [&entry, &line(1, expense, "NULL", 50, 0), &line(2, payable, &party, 0, 50), done].concat(),
                Violation::Ledger,
            ),
            (other("'JOD'", "'USD'"), Violation::Ledger),
            (other("'2026-03-10', '2026-03-10", "'2026-04-01', '2026-03-10"), Violation::Ledger),
            (format!("{entry}{}", line(1, bank, "NULL", 50, 50)), Violation::Check),
            (format!("{entry}{}", line(1, bank, "NULL", -50, 0)), Violation::Check),
            (format!("UPDATE entry_lines SET debit = 2 WHERE entry_id = {posted}"), Violation::Immutable),
            (format!("DELETE FROM entry_lines WHERE entry_id = {posted}"), Violation::Immutable),
            (format!("UPDATE entries SET effective_on = '2026-01-01' WHERE id = {posted}"), Violation::Immutable),
            (format!("DELETE FROM entries WHERE id = {posted}"), Violation::Immutable),
            (format!("UPDATE posted_entries SET total = 1 WHERE entry_id = {posted}"), Violation::Immutable),
            (format!("DELETE FROM posted_entries WHERE entry_id = {posted}"), Violation::Immutable),
            (line(3, bank, "NULL", 1, 0).replace("(900", &format!("({posted}")), Violation::Immutable),
            (format!("UPDATE accounts SET side = 'credit' WHERE id = {expense}"), Violation::Immutable),
            (
                format!("UPDATE fiscal_periods SET state = 'sealed', root = 'x' WHERE id = {march}"),
                Violation::Immutable,
            ),
            (format!("UPDATE fiscal_periods SET ends_on = '2026-04-15' WHERE id = {march}"), Violation::Immutable),
            (format!("DELETE FROM fiscal_periods WHERE id = {march}"), Violation::Immutable),
        ] {
            let Err(error) = sql(&books.db, &statement) else { panic!("{statement} was taken") };
            assert_eq!(error.violation(), Some(refused), "{statement}: {error}");
        }
        // The same statements without the lie are taken, and the balances know it.
        sql(&books.db, &(good + done)).unwrap();
        let close = format!("UPDATE fiscal_periods SET state = 'closed' WHERE id = {march}");
        sql(&books.db, &close).unwrap();
        let open = format!("UPDATE fiscal_periods SET state = 'open' WHERE id = {march}");
        assert_eq!(sql(&books.db, &open).unwrap_err().violation(), Some(Violation::Immutable));
        let late = format!("{}{done}", entry.replace("900", "901")).replace("900", "901");
        assert!(sql(&books.db, &late).is_err(), "a closed period took an entry");
    });
}

/// Whether the trigger that looks at the moves of an entry refused.
fn wrong_moves(refused: Outcome<i64>) -> bool {
    match refused {
        Err(Refusal::Database(error)) => error.to_string().contains("ledger: moves"),
        other => panic!("{other:?}"),
    }
}

/// Posts an invoice of 50 past every operation; its move is written for a record and a day.
fn invoice_by_hand(books: &Books, record: i64, day: &str) -> Outcome<i64> {
    let moved = row(books, 3, ("available", "obligated", 50), [0, 0, 1_000, 0, 0, 0, 0], [0, 0, 950, 0, 0, 50, 0]);
    let own = format!("50, {}, '2026-03-10',", books.record);
    assert!(moved.contains(&own), "{moved}");
    let moved = moved
        .replace("amount, record_id", "amount, key_id, entry_id, record_id")
        .replace(&own, &format!("50, {}, 900, {record}, '{day}',", books.key.id));
    let (key, party) = (books.key.id.to_string(), books.supplier.to_string());
    let line = books.key.line_id;
    let statements = [
        entry(books),
        entry_line(books, 1, (books.expense, &key, "NULL"), (50, 0)),
        entry_line(books, 2, (books.payable, "NULL", &party), (0, 50)),
        format!("UPDATE budget_lines SET seq = 3, available = 950, obligated = 50 WHERE id = {line}; {moved};"),
        POSTED.to_owned(),
    ];
    sql(&books.db, &statements.concat())?;
    Ok(900)
}

/// An entry of a day that pays 50 of what is owed, or takes them back from the bank.
fn payment(books: &Books, on: &str, back: bool) -> Entry {
    let mut entry = Entry { effective_on: day(on), kind: DocumentKind::PaymentRun, ..books.invoice(50) };
    (entry.lines[0].account_id, entry.lines[0].key_id) = (books.bank, None);
    if !back {
        for line in &mut entry.lines {
            (line.debit, line.credit) = (line.credit, line.debit);
            (line.base_debit, line.base_credit) = (line.base_credit, line.base_debit);
        }
    }
    let (kind, source, target) = if back {
        (MoveKind::ReturnedTransfer, Bucket::Paid, Bucket::Obligated)
    } else {
        (MoveKind::Pay, Bucket::Obligated, Bucket::Paid)
    };
    let mut moves = entry.spends.remove(0).moves;
    (moves[0].source, moves[0].target) = (source, target);
    entry.spends = vec![Spend { kind, moves }];
    entry
}

#[test]
fn invariants_8_and_9_the_moves_of_an_entry_are_of_its_record_its_day_and_its_year() {
    both(|test| {
        let books = Books::on(test.db());
        books.allot(books.key.line_id, 1_000);
        let (own, other) = (books.record, act(&books.db, &books.actor, |tx| record(tx, &books.actor)).unwrap());
        assert!(wrong_moves(invoice_by_hand(&books, other, "2026-03-10")));
        assert!(wrong_moves(invoice_by_hand(&books, own, "2026-12-10")));
        let invoice = invoice_by_hand(&books, own, "2026-03-10").unwrap();

        act(&books.db, &books.actor, |tx| years::create(tx, &books.actor, 2027)).unwrap();
        sql(&books.db, "UPDATE accounts SET active_to = NULL").unwrap();
        let late = |entry: Entry| Entry { effective_on: day("2027-01-10"), ..entry };
        assert!(wrong_moves(books.post(&late(books.invoice(50)))), "spent of the budget of another year");
        assert!(wrong_moves(books.post(&late(books.reversal(invoice, 50)))), "given back to it");
        // What is owed is paid in the next year, and is owed again where the bank sends it back.
        books.post(&payment(&books, "2027-01-10", false)).unwrap();
        assert_eq!(books.buckets(books.key.line_id), [0, 0, 950, 0, 0, 0, 50]);
        books.post(&payment(&books, "2027-01-11", true)).unwrap();
        // Nor does it leave its year but by a journal voucher that gives a voucher up.
        let mut gone = payment(&books, "2027-01-12", false);
        let mut moves = gone.spends.remove(0).moves;
        moves[0].target = Bucket::Outside;
        gone.spends = vec![Spend { kind: MoveKind::Lapse, moves }];
        let Err(Refusal::Database(error)) = books.post(&gone) else { panic!("it left the budget") };
        assert!(error.to_string().contains("ledger: given up"), "{error}");
        let complementary =
            Entry { effective_on: day("2026-12-31"), complementary: true, ..books.reversal(invoice, 50) };
        books.post(&complementary).unwrap();
        assert_eq!(books.buckets(books.key.line_id), [0, 0, 1_000, 0, 0, 0, 0]);
    });
}
