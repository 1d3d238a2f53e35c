//! The invariants of the books one by one, as somebody would break them by statements of their own.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use diwan_db::{Backend, Clock as _, Violation};
use diwan_finance_api::AccountInput;
use diwan_platform::Refusal;
use diwan_schema::finance::entries;
use diwan_testkit::both;

use super::{
    books::{Books, act, rule, sql},
    many::{kept, written},
};
use crate::{parts::part::Part as _, structure::accounts};

/// Each statement breaks the rule beside it.
pub(super) fn refused(books: &Books, statements: &[(String, Violation)]) {
    for (statement, rule) in statements {
        let error = sql(&books.db, statement).expect_err(statement);
        assert_eq!(error.violation(), Some(*rule), "{statement}: {error}");
    }
}

/// A posted receipt of 50 from the supplier as SQL: its number, its period, day and moment, and the one it takes back.
fn receipt(books: &Books, id: i64, (period, day, at): (i64, &str, &str), of: Option<i64>) -> String {
    let (agency, record, by) = (books.actor.agency_id, books.record, books.actor.user_id);
    let line = |seq: i64, account: i64, party: &str, incoming: bool| {
        let (debit, credit) = if incoming == of.is_none() { (50, 0) } else { (0, 50) };
        format!(
            "INSERT INTO entry_lines (entry_id, seq, agency_id, period_id, effective_on, account_id, party_id, currency, debit,
                credit, base_debit, base_credit, note)
            VALUES ({id}, {seq}, {agency}, {period}, '{day}', {account}, {party}, 'JOD', {debit}, {credit}, {debit}, {credit}, '');"
        )
    };
    let entry = format!(
        "INSERT INTO entries (id, agency_id, period_id, record_id, kind, effective_on, recorded_at, recorded_by, reverses_id)
        VALUES ({id}, {agency}, {period}, {record}, 'receipt', '{day}', '{at}', {by}, {});",
        of.map_or("NULL".to_owned(), |of| of.to_string())
    );
    let posted = format!("INSERT INTO posted_entries (entry_id, lines, total) VALUES ({id}, 2, 50);");
    [entry, line(1, books.bank, "NULL", true), line(2, books.payable, &books.supplier.to_string(), false), posted]
        .concat()
}

#[test]
fn invariant_3_nothing_that_was_posted_is_written_anew() {
    both(|test| {
        let books = Books::on(test.db());
        books.allot(books.key.line_id, 10_000);
        let posted = books.post(&books.invoice(1_000)).unwrap();
        let columns = "id, agency_id, period_id, record_id, kind, effective_on, recorded_at, recorded_by, reverses_id";
        let redated = columns.replace("effective_on", "'2026-03-01'");
        let line = "entry_id, seq, agency_id, period_id, effective_on, account_id, currency, debit, credit, base_debit, base_credit";
        let account = |set: &str| format!("UPDATE accounts SET {set} WHERE id = {}", books.expense);
        let immutable = |statement: String| (statement, Violation::Immutable);
        refused(
            &books,
            &[
                immutable(format!(
                    "INSERT INTO entries ({columns}) SELECT {columns} FROM entries WHERE id = {posted}
                    ON CONFLICT (id) DO UPDATE SET effective_on = '2026-03-01'"
                )),
                immutable(format!(
                    "INSERT INTO entry_lines ({line}, note) SELECT {line}, 'x' FROM entry_lines WHERE entry_id = {posted}
                    ON CONFLICT (entry_id, seq) DO UPDATE SET note = 'x'"
                )),
                // What statements say of it stays too.
                immutable(account("code = '23'")),
                immutable(account("gfsm = '23'")),
                immutable(account("budgeted = FALSE")),
                immutable("UPDATE fiscal_years SET starts_on = '2025-12-01'".to_owned()),
                immutable("DELETE FROM fiscal_years".to_owned()),
            ],
        );
        if test.backend() == Backend::Sqlite {
            refused(
                &books,
                &[
                    immutable(format!("INSERT OR REPLACE INTO entries ({columns}) SELECT {redated} FROM entries")),
                    immutable(format!(
                        "INSERT OR REPLACE INTO entry_lines ({line}, note) SELECT {line}, 'x' FROM entry_lines"
                    )),
                    immutable(format!(
                        "REPLACE INTO budget_keys SELECT * FROM budget_keys WHERE id = {}",
                        books.key.id
                    )),
                ],
            );
        }
        sql(&books.db, &account("name_ar = 'استخدام السلع والخدمات'")).unwrap();
    });
}

#[test]
fn invariant_3_an_account_that_was_posted_to_keeps_its_codes() {
    both(|test| {
        let books = Books::on(test.db());
        books.allot(books.key.line_id, 10_000);
        let change = |edit: fn(&mut AccountInput)| {
            act(&books.db, &books.actor, |tx| {
                let mut row = AccountInput::load(tx, books.actor.agency_id, books.expense)?;
                edit(&mut row.value);
                Ok(accounts::change(tx, &books.actor, books.expense, row.version, &row.value)?.version)
            })
        };
        change(|account| account.code = "221".to_owned()).unwrap();
        change(|account| account.gfsm = "221".to_owned()).unwrap();
        books.post(&books.invoice(1_000)).unwrap();
        let edits: [fn(&mut AccountInput); 3] = [
            |account| account.code = "22".to_owned(),
            |account| account.gfsm = "22".to_owned(),
            |account| account.budgeted = false,
        ];
        for edit in edits {
            assert_eq!(rule(change(edit)), "account_used");
        }
        change(|account| account.name.ar = "استخدام السلع".to_owned()).unwrap();
    });
}

#[test]
fn invariant_4_a_reversal_mirrors_its_entry_once_on_a_day_of_an_open_period() {
    both(|test| {
        let books = Books::on(test.db());
        let [march, april] = [2, 3].map(|at| books.year.periods[at].id);
        let in_march = (march, "2026-03-10", "2026-03-10 08:00:00");
        let in_april = (april, "2026-04-02", "2026-04-02 08:00:00");
        sql(&books.db, &receipt(&books, 900, in_march, None)).unwrap();
        sql(&books.db, &format!("UPDATE fiscal_periods SET state = 'closed' WHERE id = {march}")).unwrap();
        let reversal = receipt(&books, 901, in_april, Some(900));
        refused(
            &books,
            &[
                (receipt(&books, 901, in_march, Some(900)), Violation::Ledger),
                // Of an open period, but dated on the original day.
                (receipt(&books, 901, (april, in_march.1, in_april.2), Some(900)), Violation::Ledger),
                // Another amount, another side.
                (reversal.replace(" 50", " 49"), Violation::Ledger),
                (receipt(&books, 901, in_april, None).replace("NULL);", "900);"), Violation::Ledger),
            ],
        );
        sql(&books.db, &reversal).unwrap();
        refused(&books, &[(receipt(&books, 902, in_april, Some(900)), Violation::Unique)]);
        assert_eq!(kept(&books), written(&books));
    });
}

#[test]
fn invariant_5_nothing_is_posted_to_a_closed_kind_or_under_a_reopening_that_is_over() {
    both(|test| {
        let books = Books::on(test.db());
        let (march, by) = (books.year.periods[2].id, books.actor.user_id);
        let at = |moment| receipt(&books, 900, (march, "2026-03-10", moment), None);
        let kind = format!(
            "INSERT INTO period_kinds (period_id, kind, closed_by, closed_at) VALUES ({march}, 'receipt', {by}, '2026-03-10 08:00:00');"
        );
        refused(&books, &[(kind + &at("2026-03-10 08:00:00"), Violation::Ledger)]);
        let state = |state: &str| format!("UPDATE fiscal_periods SET state = '{state}' WHERE id = {march};");
        sql(&books.db, &state("closed")).unwrap();
        let reopened = format!(
            "INSERT INTO period_reopenings (period_id, reason, opened_by, opened_at, until_at)
            VALUES ({march}, 'x', {by}, '2026-04-01 08:00:00', '2026-04-02 08:00:00'); {}",
            state("open")
        );
        refused(
            &books,
            &[
                (at("2026-04-01 09:00:00"), Violation::Ledger),
                (state("open"), Violation::Immutable),
                (state("soft_closed"), Violation::Immutable),
            ],
        );
        sql(&books.db, &reopened).unwrap();
        refused(&books, &[(at("2026-04-02 08:00:00"), Violation::Ledger)]);
        sql(&books.db, &at("2026-04-02 07:59:59")).unwrap();
    });
}

#[test]
fn invariant_16_balances_change_with_posting_alone() {
    both(|test| {
        let books = Books::on(test.db());
        books.allot(books.key.line_id, 10_000);
        books.post(&books.invoice(1_000)).unwrap();
        let again =
            "INSERT INTO posted_entries (entry_id, lines, total) SELECT entry_id, lines, total FROM posted_entries";
        let immutable = |statement: &str| (statement.to_owned(), Violation::Immutable);
        // SQLite tells posting by a row of no period, which no statement leaves behind.
        let beside = if test.backend() == Backend::Sqlite { Violation::ForeignKey } else { Violation::Immutable };
        refused(
            &books,
            &[
                immutable("UPDATE period_balances SET base_debit = base_debit + 1"),
                immutable("UPDATE period_balances SET period_id = 0"),
                immutable("DELETE FROM period_balances"),
                immutable(
                    "INSERT INTO period_balances SELECT period_id, account_id, 7, 0, 0, currency, 1, 0, 1, 0 FROM period_balances",
                ),
                ("INSERT INTO period_balances VALUES (0, 0, 0, 0, 0, '', 0, 0, 0, 0)".to_owned(), beside),
                (
                    "INSERT INTO period_balances SELECT 0, 0, 0, 0, 0, '', 0, 0, 0, 0
                    UNION ALL SELECT MIN(period_id), MIN(account_id), 7, 0, 0, 'JOD', 1, 0, 1, 0 FROM period_balances"
                        .to_owned(),
                    beside,
                ),
                immutable(again),
                immutable(&format!("{again} WHERE TRUE ON CONFLICT DO NOTHING")),
            ],
        );
        if test.backend() == Backend::Sqlite {
            refused(&books, &[immutable(&again.replace("INSERT", "INSERT OR IGNORE"))]);
            refused(&books, &[immutable(&again.replace("INSERT", "INSERT OR REPLACE"))]);
        }
        assert_eq!(kept(&books), Some(1_000));
        assert_eq!(kept(&books), written(&books));
    });
}

#[test]
fn invariants_18_and_19_every_posting_account_and_key_has_its_codes_and_money_is_whole() {
    both(|test| {
        let books = Books::on(test.db());
        let key = |codes: &str| {
            format!(
                "INSERT INTO budget_keys (agency_id, year_id, line_id, chapter_id, programme_id, activity_id, fund_id, location_id,
                    item_id, code, gfsm, cofog)
                SELECT agency_id, year_id, line_id, chapter_id, programme_id, activity_id, fund_id, location_id, chapter_id, 'X',
                    {codes} FROM budget_keys WHERE id = {}",
                books.key.id
            )
        };
        refused(
            &books,
            &[
                (format!("UPDATE accounts SET posting = TRUE, gfsm = '' WHERE id = {}", books.group), Violation::Check),
                (key("'', '70112'"), Violation::Check),
                (key("'22', ''"), Violation::Check),
                (format!("UPDATE budget_keys SET cofog = '' WHERE id = {}", books.key.id), Violation::Immutable),
            ],
        );
        // PostgreSQL has whole numbers by their type.
        if test.backend() == Backend::Sqlite {
            let whole = receipt(&books, 900, (books.year.periods[2].id, "2026-03-10", "2026-03-10 08:00:00"), None);
            refused(&books, &[(whole.replace(" 50", " 50.5"), Violation::Ledger)]);
        }
    });
}

#[test]
fn invariant_21_no_entry_names_what_is_another_agency_s() {
    both(|test| {
        let books = Books::on(test.db());
        let (own, other) = (books.actor.agency_id, books.world.moh.id);
        sql(
            &books.db,
            &format!(
                "INSERT INTO accounts (agency_id, code, name_ar, name_en, side, posting, gfsm, budgeted, needs_party, needs_centre,
                    active_from, version)
                VALUES ({other}, '9', 'حساب', '', 'debit', TRUE, '6202', FALSE, FALSE, FALSE, '2026-01-01', 1)"
            ),
        )
        .unwrap();
        let good = receipt(&books, 900, (books.year.periods[2].id, "2026-03-10", "2026-03-10 08:00:00"), None);
        let foreign = format!(", (SELECT id FROM accounts WHERE agency_id = {other}), NULL, 'JOD'");
        refused(
            &books,
            &[
                (good.replace(&format!(", {}, NULL, 'JOD'", books.bank), &foreign), Violation::ForeignKey),
                (
                    good.replace(&format!("VALUES (900, {own}, "), &format!("VALUES (900, {other}, ")),
                    Violation::ForeignKey,
                ),
                (
                    good.replace(&format!("VALUES (900, 1, {own}, "), &format!("VALUES (900, 1, {other}, ")),
                    Violation::ForeignKey,
                ),
            ],
        );
        sql(&books.db, &good).unwrap();
    });
}

/// Two that post at once do not see each other, so the order of their moments is no rule of rows: the operation keeps it.
#[test]
fn invariant_22_no_entry_is_recorded_before_the_one_before_it() {
    both(|test| {
        let books = Books::on(test.db());
        books.allot(books.key.line_id, 10_000);
        for hours in [0, -5, 1, 5] {
            test.clock().advance(TimeDelta::hours(hours));
            books.post(&books.invoice(100)).unwrap();
        }
        let moments: Vec<NaiveDateTime> = books
            .db
            .read_now(|tx| {
                Ok::<_, Refusal>(entries::table.order(entries::id).select(entries::recorded_at).load(tx.conn())?)
            })
            .unwrap();
        assert_eq!((moments.len(), moments[0], moments[3]), (4, moments[2], test.clock().now()));
        assert!(moments.is_sorted(), "{moments:?}");
    });
}
