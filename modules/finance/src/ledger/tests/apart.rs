//! What stays apart: money held in trust from the agency's own, and the books of one agency from those of another.

use diesel::prelude::*;
use diwan_db::Violation;
use diwan_finance_api::{AccountInput, DocumentKind, Side};
use diwan_kernel::Named;
use diwan_platform::Refusal;
use diwan_schema::finance::entry_lines;
use diwan_testkit::both;

use super::{
    books::{Books, act, day, rule, sql},
    invariants::refused,
};
use crate::{
    ledger::{Entry, Line},
    structure::{accounts, years},
};

/// A posted receipt of March as SQL, lines by account, debit and credit; all name the supplier.
fn entry(books: &Books, id: i64, lines: &[(i64, i64, i64)]) -> String {
    let (agency, record, by) = (books.actor.agency_id, books.record, books.actor.user_id);
    let (march, party) = (books.year.periods[2].id, books.supplier);
    let mut statements = begun(id, (agency, march), (record, by));
    for (seq, (account, debit, credit)) in (1..).zip(lines) {
        statements += &format!(
            "INSERT INTO entry_lines (entry_id, seq, agency_id, period_id, effective_on, account_id, party_id, currency, debit,
                credit, base_debit, base_credit, note)
            VALUES ({id}, {seq}, {agency}, {march}, '2026-03-10', {account}, {party}, 'JOD', {debit}, {credit}, {debit}, {credit}, '');"
        );
    }
    let total: i64 = lines.iter().map(|line| line.1).sum();
    statements
        + &format!("INSERT INTO posted_entries (entry_id, lines, total) VALUES ({id}, {}, {total});", lines.len())
}

/// An entry without its lines.
fn begun(id: i64, (agency, period): (i64, i64), (record, by): (i64, i64)) -> String {
    format!(
        "INSERT INTO entries (id, agency_id, period_id, record_id, kind, effective_on, recorded_at, recorded_by)
        VALUES ({id}, {agency}, {period}, {record}, 'receipt', '2026-03-10', '2026-03-10 08:00:00', {by});"
    )
}

/// The bank of trust, what is owed of it, and what is on its way back.
fn trust(books: &Books) -> [i64; 3] {
    [("91", Side::Debit, "6202"), ("92", Side::Credit, "6308"), ("93", Side::Credit, "6308")].map(
        |(code, side, gfsm)| {
            let input = AccountInput {
                parent_id: None,
                code: code.to_owned(),
                name: Named { ar: "أمانات".to_owned(), en: String::new() },
                side,
                posting: true,
                gfsm: gfsm.to_owned(),
                currency: None,
                budgeted: false,
                needs_party: false,
                needs_centre: false,
                trust: true,
                active_from: day("2026-01-01"),
                active_to: None,
            };
            act(&books.db, &books.actor, |tx| Ok(accounts::create(tx, &books.actor, &input)?.id)).unwrap()
        },
    )
}

#[test]
fn invariant_14_cash_held_in_trust_is_what_is_owed_of_it() {
    both(|test| {
        let books = Books::on(test.db());
        let [bank, owed, back] = trust(&books);
        let (own, payable) = (books.bank, books.payable);
        let ledger = |lines: &[(i64, i64, i64)]| (entry(&books, 900, lines), Violation::Ledger);
        refused(
            &books,
            &[
                // Deposited with the agency's own money, or not owed to anybody.
                ledger(&[(own, 50, 0), (owed, 0, 50)]),
                ledger(&[(bank, 50, 0), (payable, 0, 50)]),
                // Given back out of it, or owed like a supplier's.
                ledger(&[(owed, 50, 0), (own, 0, 50)]),
                ledger(&[(owed, 50, 0), (payable, 0, 50)]),
                // Spent; forfeited while the cash stays, or comes with more than that.
                ledger(&[(payable, 50, 0), (bank, 0, 50)]),
                ledger(&[(owed, 50, 0), (payable, 0, 49), (bank, 0, 1)]),
                ledger(&[(owed, 50, 0), (bank, 0, 51), (own, 51, 0), (payable, 0, 50)]),
            ],
        );
        let good = [
            entry(&books, 900, &[(bank, 50, 0), (owed, 0, 50)]),
            entry(&books, 901, &[(owed, 30, 0), (back, 0, 30)]),
            entry(&books, 902, &[(back, 30, 0), (bank, 0, 30)]),
            entry(&books, 903, &[(owed, 15, 0), (bank, 0, 15), (own, 15, 0), (payable, 0, 15)]),
        ];
        for statements in &good {
            sql(&books.db, statements).unwrap();
        }
        let held = |account: i64| {
            books.db.read_now(|tx| {
                let of_account = entry_lines::table.filter(entry_lines::account_id.eq(account));
                let lines: Vec<(i64, i64)> =
                    of_account.select((entry_lines::debit, entry_lines::credit)).load(tx.conn())?;
                Ok::<i64, Refusal>(lines.into_iter().map(|(debit, credit)| debit - credit).sum())
            })
        };
        assert_eq!([bank, owed, back, own].map(|account| held(account).unwrap()), [5, -5, 0, 15]);
        let account = |set: &str, id: i64| format!("UPDATE accounts SET {set} WHERE id = {id}");
        refused(
            &books,
            &[
                (account("trust = FALSE", bank), Violation::Immutable),
                (account("trust = TRUE", own), Violation::Immutable),
                (account("trust = TRUE", books.expense), Violation::Check),
            ],
        );
    });
}

#[test]
fn what_breaks_trust_is_refused_with_the_accounts_and_the_difference() {
    both(|test| {
        let books = Books::on(test.db());
        let [bank, owed, _] = trust(&books);
        let line = |account_id, debit, credit| Line {
            account_id,
            key_id: None,
            party_id: Some(books.supplier),
            centre_id: None,
            currency: "JOD".to_owned(),
            debit,
            credit,
            base_debit: debit,
            base_credit: credit,
            note: String::new(),
        };
        let receipt =
            |lines: Vec<Line>| Entry { kind: DocumentKind::Receipt, lines, spends: Vec::new(), ..books.invoice(50) };
        let lame = receipt(vec![line(books.bank, 1_500, 0), line(bank, 500, 0), line(owed, 0, 2_000)]);
        let Err(Refusal::Rule { code, args, .. }) = books.post(&lame) else { panic!("trust is owed and not there") };
        let told = ["accounts", "difference", "currency"].map(|name| args[name].as_str());
        assert_eq!((code, told), ("trust_unbalanced", ["91 + 92", "1.500", "JOD"]));
        assert_eq!(
            rule(books.post(&receipt(vec![line(bank, 500, 0), line(books.payable, 0, 500)]))),
            "trust_unbalanced"
        );
        books.post(&receipt(vec![line(bank, 2_000, 0), line(owed, 0, 2_000)])).unwrap();
    });
}

#[test]
fn invariant_20_an_entry_with_its_lines_and_moves_is_of_one_agency() {
    both(|test| {
        let books = Books::on(test.db());
        books.allot(books.key.line_id, 10_000);
        let other = books.world.moh.actor(&books.db, "director");
        let year = act(&books.db, &other, |tx| years::create(tx, &other, 2026)).unwrap();
        let theirs = year.periods[2].id;
        sql(
            &books.db,
            &format!(
                "INSERT INTO accounts (agency_id, code, name_ar, name_en, side, posting, gfsm, budgeted, needs_party, needs_centre,
                    active_from, version)
                VALUES ({}, '9', 'حساب', '', 'debit', TRUE, '6202', FALSE, FALSE, FALSE, '2026-01-01', 1)",
                other.agency_id
            ),
        )
        .unwrap();
        let (line, key, record) = (books.key.line_id, books.key.id, books.record);
        // 50 of a line of this agency are set aside for an entry.
        let moved = format!(
            "UPDATE budget_lines SET seq = seq + 1, available = available - 50, pre_committed = pre_committed + 50 WHERE id = {line};
            INSERT INTO budget_moves (line_id, seq, prev_seq, kind, source, target, amount, key_id, record_id, entry_id, effective_on,
                recorded_at, recorded_by, before_unallotted, before_frozen, before_available, before_pre_committed, before_committed,
                before_obligated, before_paid, after_unallotted, after_frozen, after_available, after_pre_committed, after_committed,
                after_obligated, after_paid)
            SELECT line_id, seq + 1, seq, 'reserve', 'available', 'pre_committed', 50, {key}, {record}, 900, effective_on,
                recorded_at, recorded_by, after_unallotted, after_frozen, after_available, after_pre_committed, after_committed,
                after_obligated, after_paid, after_unallotted, after_frozen, after_available - 50, after_pre_committed + 50,
                after_committed, after_obligated, after_paid
            FROM budget_moves WHERE line_id = {line} AND seq = (SELECT b.seq - 1 FROM budget_lines b WHERE b.id = {line});"
        );
        let strange = begun(900, (other.agency_id, theirs), (record, other.user_id)) + &moved;
        let good = entry(&books, 900, &[(books.bank, 50, 0), (books.payable, 0, 50)]);
        let (own, foreign) =
            (format!("VALUES (900, 1, {}, ", books.actor.agency_id), format!("VALUES (900, 1, {}, ", other.agency_id));
        // A line of theirs is on an account of theirs, or on one of these books.
        let line_of_theirs = good.replace(&own, &foreign);
        let on_theirs = format!("(SELECT id FROM accounts WHERE agency_id = {})", other.agency_id);
        let whole = line_of_theirs
            .replace(&format!("{}, {}, 'JOD'", books.bank, books.supplier), &format!("{on_theirs}, NULL, 'JOD'"));
        assert_ne!(whole, line_of_theirs);
        refused(
            &books,
            &[(line_of_theirs, Violation::ForeignKey), (whole, Violation::ForeignKey), (strange, Violation::Ledger)],
        );
        let posted = good.replacen("INSERT INTO entry_lines", &format!("{moved}INSERT INTO entry_lines"), 1);
        sql(&books.db, &posted).unwrap();
        assert_eq!(books.buckets(line)[2..4], [9_950, 50]);
    });
}
