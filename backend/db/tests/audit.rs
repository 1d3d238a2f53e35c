//! The chains link everything, and show every kind of tampering.

use std::thread;

use diesel::prelude::*;
use diwan_db::{Audit, Backend, Break, Db, DbError};
use diwan_kernel::Who;
use diwan_schema::platform::{audit_seals, audit_unsealed};
use diwan_testkit::{TestDb, both};

use crate::support::{seed, sql};

fn act(db: &Db, agency_id: Option<i64>) {
    let who = Who { agency_id, ..Who::system() };
    db.write_now(who, "test.thing.act", |tx| tx.audit(Audit::of("thing", 1).after(&"بعد"))).unwrap();
}

fn seal_all(db: &Db) -> usize {
    std::iter::repeat_with(|| db.seal_audit(7).unwrap()).take_while(|sealed| *sealed > 0).sum()
}

/// Lets the test do what an intruder with the owner's password can.
fn disarm(test: &TestDb) {
    let statements = match test.backend() {
        Backend::Sqlite => vec![
            "DROP TRIGGER audit_entries_immutable_u",
            "DROP TRIGGER audit_entries_immutable_d",
            "DROP TRIGGER audit_seals_immutable_u",
            "DROP TRIGGER audit_seals_immutable_d",
        ],
        Backend::Postgres => vec![
            "DROP TRIGGER audit_entries_immutable ON audit_entries",
            "DROP TRIGGER audit_seals_immutable ON audit_seals",
            "ALTER TABLE audit_seals DROP CONSTRAINT audit_seals_audit_id_fkey",
        ],
    };
    statements.into_iter().for_each(|statement| sql(&test.db(), statement).unwrap());
}

/// Ten links of agency 1 (links 1 to 10), and some of agency 2 and of none between them.
fn chains(test: &TestDb) -> Db {
    let db = test.db();
    seed(&db).unwrap();
    for _ in 0..10 {
        act(&db, Some(1));
        act(&db, Some(2));
        act(&db, None);
    }
    assert_eq!(seal_all(&db), 31);
    disarm(test);
    db
}

#[test]
fn every_entry_is_linked_once_in_the_chain_of_its_agency() {
    both(|test| {
        let db = chains(&test);
        assert_eq!(db.seal_audit(10).unwrap(), 0);
        let report = db.verify_audit(0).unwrap();
        assert!(report.is_sound(), "{report:?}");
        assert_eq!(report.links, 31);
        let lengths: Vec<_> = report.heads.iter().map(|head| (head.chain_id, head.seq)).collect();
        assert_eq!(lengths, [(0, 11), (1, 10), (2, 10)]);
    });
}

#[test]
fn entries_of_sixteen_writers_and_three_sealers_form_sound_chains() {
    both(|test| {
        let db = test.db();
        seed(&db).unwrap();
        thread::scope(|scope| {
            for writer in 0..16 {
                let db = test.db();
                scope.spawn(move || (0..8).for_each(|_| act(&db, Some(1 + writer % 2))));
            }
            for _ in 0..3 {
                let db = test.another_node();
                scope.spawn(move || (0..10).for_each(|_| assert!(db.seal_audit(20).is_ok())));
            }
        });
        seal_all(&db);
        let report = db.verify_audit(0).unwrap();
        assert!(report.is_sound(), "{report:?}");
        assert_eq!(report.links, 16 * 8 + 1);
        let waiting: i64 =
            db.read_now(|tx| Ok::<_, DbError>(audit_unsealed::table.count().get_result(tx.conn())?)).unwrap();
        assert_eq!(waiting, 0);
    });
}

#[test]
fn tampering_is_found_where_it_was_done() {
    let of_link = |seq: i64| format!("(SELECT audit_id FROM audit_seals WHERE chain_id = 1 AND seq = {seq})");
    let cases: [(String, Break); 8] = [
        (format!("UPDATE audit_entries SET op = 'x' WHERE id = {}", of_link(4)), Break::EntryChanged),
        (
            format!("UPDATE audit_entries SET at = '2026-11-01 07:00:00.000001' WHERE id = {}", of_link(4)),
            Break::EntryChanged,
        ),
        (format!("UPDATE audit_entries SET detail = '{{}}' WHERE id = {}", of_link(4)), Break::EntryChanged),
        (format!("UPDATE audit_entries SET agency_id = 2 WHERE id = {}", of_link(4)), Break::EntryChanged),
        ("UPDATE audit_seals SET hash = 'x' WHERE chain_id = 1 AND seq = 4".to_owned(), Break::EntryChanged),
        ("UPDATE audit_seals SET prev_hash = 'x' WHERE chain_id = 1 AND seq = 4".to_owned(), Break::NotContinued),
        ("DELETE FROM audit_seals WHERE chain_id = 1 AND seq = 3".to_owned(), Break::LinksMissing),
        ("DELETE FROM audit_seals WHERE chain_id = 1 AND seq < 4".to_owned(), Break::LinksMissing),
    ];
    both(|test| {
        for (statement, why) in &cases {
            let test = TestDb::on(test.backend());
            let db = chains(&test);
            sql(&db, statement).unwrap();
            let report = db.verify_audit(0).unwrap();
            let faults: Vec<_> = report.faults.iter().map(|fault| (fault.chain_id, fault.seq, fault.why)).collect();
            assert_eq!(faults, [(1, 4, *why)], "{statement}");
            let name = report.faults[0].to_string();
            assert!(name.starts_with(&format!("agency 1, link 4, entry {}: ", report.faults[0].audit_id)), "{name}");
        }
    });
}

#[test]
fn a_missing_entry_is_found() {
    both(|test| {
        let db = chains(&test);
        let fourth: i64 = db
            .read_now(|tx| {
                Ok::<_, DbError>(audit_seals::table.find((1, 4)).select(audit_seals::audit_id).get_result(tx.conn())?)
            })
            .unwrap();
        match test.backend() {
            // Not even the owner removes a row others refer to, unless the check is off.
            Backend::Sqlite => {
                let diwan_db::DbUrl::Sqlite(file) = test.url() else { panic!() };
                let mut intruder = SqliteConnection::establish(&file.to_string_lossy()).unwrap();
                let statement = format!("PRAGMA foreign_keys = OFF; DELETE FROM audit_entries WHERE id = {fourth}");
                diesel::connection::SimpleConnection::batch_execute(&mut intruder, &statement).unwrap();
            }
            Backend::Postgres => sql(&db, &format!("DELETE FROM audit_entries WHERE id = {fourth}")).unwrap(),
        }
        let report = db.verify_audit(0).unwrap();
        let faults: Vec<_> =
            report.faults.iter().map(|fault| (fault.chain_id, fault.seq, fault.audit_id, fault.why)).collect();
        assert_eq!(faults, [(1, 4, fourth, Break::EntryMissing)]);
    });
}

#[test]
fn an_end_that_was_cut_off_is_found_by_what_it_leaves_and_by_the_head_kept_outside() {
    both(|test| {
        let db = chains(&test);
        let before = db.verify_audit(0).unwrap().heads;
        sql(&db, "DELETE FROM audit_seals WHERE chain_id = 1 AND seq > 8").unwrap();
        test.clock().advance(chrono::Duration::seconds(61));
        let report = db.verify_audit(60).unwrap();
        assert_eq!(report.faults, []);
        assert_eq!(report.late.as_ref().map(|late| late.count), Some(2));
        assert!(!report.is_sound());
        assert_ne!(report.heads, before);
    });
}

#[test]
fn entries_that_wait_too_long_are_reported() {
    both(|test| {
        let db = test.db();
        seed(&db).unwrap();
        assert_eq!(db.verify_audit(60).unwrap().late, None);
        test.clock().advance(chrono::Duration::seconds(61));
        act(&db, Some(1));
        let late = db.verify_audit(60).unwrap().late.unwrap();
        assert_eq!((late.count, late.first_id, late.first_at), (1, 1, TestDb::start()));
        seal_all(&db);
        assert!(db.verify_audit(0).unwrap().is_sound());
    });
}

/// A lower number may commit after a higher one was linked.
#[test]
fn an_entry_that_commits_late_is_linked() {
    let test = TestDb::on(Backend::Postgres);
    let (db, slow) = (test.db(), test.another_node());
    seed(&db).unwrap();
    slow.write_now(Who::system(), "test.thing.slow", |tx| {
        tx.audit(Audit::of("thing", 1))?;
        act(&db, Some(1));
        assert_eq!(seal_all(&db), 2);
        Ok::<_, DbError>(())
    })
    .unwrap();
    assert_eq!(seal_all(&db), 1);
    assert!(db.verify_audit(0).unwrap().is_sound());
}
