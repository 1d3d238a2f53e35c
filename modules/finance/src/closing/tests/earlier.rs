//! What is before an ended year: all of it is closed when the year ends, and nothing comes there any more.

use chrono::TimeDelta;
use diwan_db::{Backend, Violation};
use diwan_finance_api::{FiscalPeriod, PeriodState};
use diwan_platform::{Outcome, Refusal};
use diwan_testkit::{TestDb, both};

use super::{desk::Desk, many::entry, year::in_january};
use crate::{
    closing::cockpit,
    documents::tests::office::refusal,
    ledger::{
        post,
        tests::books::{act, sql},
    },
    structure::{periods, years},
};

fn close(desk: &Desk, id: i64, version: i64) -> Outcome<FiscalPeriod> {
    act(desk.db(), &desk.closer, |tx| periods::close(tx, &desk.closer, id, version, PeriodState::Closed))
}

fn reopen(desk: &Desk, id: i64, version: i64) -> Outcome<FiscalPeriod> {
    act(desk.db(), &desk.closer, |tx| {
        let until = tx.now() + TimeDelta::hours(1);
        periods::reopen(tx, &desk.closer, id, version, ("قيد فات", until))
    })
}

/// An office whose year waits for its end, with an empty year before it of which only the complementary period is open; that period
/// and the receipt that the office has.
fn two_years(test: &TestDb) -> (Desk, i64, i64) {
    let desk = Desk::on(test.db());
    let earlier = act(desk.db(), &desk.closer, |tx| years::create(tx, &desk.closer, 2025)).unwrap();
    let receipt = desk.receipt("7");
    in_january(test);
    for month in &earlier.periods[..12] {
        close(&desk, month.id, 1).unwrap();
    }
    desk.close_to(12);
    desk.begin();
    (desk, earlier.periods[12].id, receipt)
}

#[test]
fn a_year_ends_when_all_before_it_is_closed_and_then_that_stays_closed() {
    both(|test| {
        let (desk, last, _) = two_years(&test);
        match desk.prepare() {
            Err(Refusal::Rule { code: "year_end_conditions", args, .. }) => assert_eq!(args["earlier"], "1"),
            other => panic!("{other:?}"),
        }
        close(&desk, last, 1).unwrap();
        desk.prepare().unwrap();
        reopen(&desk, last, 2).unwrap();
        assert_eq!(refusal(desk.confirm(&desk.office.director)), "year_end_conditions", "it was opened meanwhile");
        close(&desk, last, 3).unwrap();
        desk.confirm(&desk.office.director).unwrap();

        assert_eq!(refusal(reopen(&desk, last, 4)), "year_ended");
        assert!(!desk.db().read_now(|tx| cockpit::view(tx, &desk.closer, last)).unwrap().may_reopen);
        desk.next_year();
        let years = desk.db().read_now(|tx| years::list(tx, desk.closer.agency_id)).unwrap();
        let ended: Vec<_> = years.iter().map(|year| (year.year, year.ended)).collect();
        assert_eq!(ended, [(2027, false), (2026, true), (2025, true)]);
        let older = act(desk.db(), &desk.closer, |tx| years::create(tx, &desk.closer, 2024));
        assert_eq!(refusal(older), "year_ended");
        // Nor past the operations.
        let (agency, by) = (desk.closer.agency_id, desk.closer.user_id);
        let year = format!(
            "INSERT INTO fiscal_years (agency_id, year, starts_on, ends_on, version)
            VALUES ({agency}, 2024, '2024-01-01', '2024-12-31', 1)"
        );
        assert_eq!(sql(desk.db(), &year).unwrap_err().violation(), Some(Violation::Ledger));
        let opened = format!(
            "INSERT INTO period_reopenings (period_id, reason, opened_by, opened_at, until_at)
            VALUES ({last}, 'x', {by}, '2027-01-10 08:00:00', '2027-01-11 08:00:00');
            UPDATE fiscal_periods SET state = 'open' WHERE id = {last}"
        );
        assert_eq!(sql(desk.db(), &opened).unwrap_err().violation(), Some(Violation::Immutable));
    });
}

#[test]
fn nothing_is_posted_before_an_ended_year_whatever_is_open_there() {
    both(|test| {
        let (desk, last, receipt) = two_years(&test);
        close(&desk, last, 1).unwrap();
        desk.prepare().unwrap();
        desk.confirm(&desk.office.director).unwrap();
        // A year as it was let in once.
        let of = if test.backend() == Backend::Sqlite { "" } else { " ON fiscal_years" };
        let agency = desk.closer.agency_id;
        let let_in = format!(
            "DROP TRIGGER fiscal_years_before_ended{of};
            INSERT INTO fiscal_years (agency_id, year, starts_on, ends_on, version)
            VALUES ({agency}, 2024, '2024-01-01', '2024-12-31', 1);
            INSERT INTO fiscal_periods (year_id, agency_id, number, starts_on, ends_on, state, version)
            SELECT id, agency_id, 12, '2024-12-01', ends_on, 'open', 1 FROM fiscal_years WHERE year = 2024;
            UPDATE accounts SET active_from = '2020-01-01'"
        );
        sql(desk.db(), &let_in).unwrap();
        let entry = entry(&desk, receipt, ("2024-12-20", false), ["620201", "1421"]);
        let posted = act(desk.db(), &desk.closer, |tx| post(tx, desk.closer.user_id, &entry));
        assert_eq!(refusal(posted), "year_ended");
        let first = "(SELECT MIN(entry_id) FROM posted_entries)";
        let copied = format!(
            "INSERT INTO entries (agency_id, period_id, record_id, kind, effective_on, recorded_at, recorded_by)
            SELECT e.agency_id, p.id, e.record_id, e.kind, p.ends_on, e.recorded_at, e.recorded_by
            FROM entries e JOIN fiscal_periods p ON p.ends_on = '2024-12-31' WHERE e.id = {first};
            INSERT INTO entry_lines (entry_id, seq, agency_id, period_id, effective_on, account_id, key_id, party_id, centre_id,
                currency, debit, credit, base_debit, base_credit, note)
            SELECT n.id, l.seq, l.agency_id, n.period_id, n.effective_on, l.account_id, l.key_id, l.party_id, l.centre_id,
                l.currency, l.debit, l.credit, l.base_debit, l.base_credit, l.note
            FROM entry_lines l JOIN entries n ON n.id = (SELECT MAX(id) FROM entries) WHERE l.entry_id = {first};
            INSERT INTO posted_entries (entry_id, lines, total)
            SELECT (SELECT MAX(id) FROM entries), q.lines, q.total FROM posted_entries q WHERE q.entry_id = {first}"
        );
        let error = sql(desk.db(), &copied).unwrap_err();
        assert!(error.to_string().contains("ledger: period"), "{error}");
    });
}
