//! Reads and writes as wholes.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Barrier,
    thread,
    time::Duration,
};

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Audit, Backend, Db, DbError, NewJob, Violation};
use diwan_kernel::Who;
use diwan_schema::platform::{audit_entries, counters, holidays};
use diwan_testkit::{both, both_async, wait_until};

use crate::support::{insert, seed, sql, write};

fn holidays_in(db: &Db) -> i64 {
    db.read_now(|tx| Ok::<_, DbError>(holidays::table.count().get_result(tx.conn())?)).unwrap()
}

#[test]
fn a_write_that_fails_leaves_nothing() {
    both(|test| {
        let db = test.db();
        let failed: Result<(), DbError> = write(&db, |tx| {
            insert(tx, "holidays", &[("name_ar", "'عيد الاستقلال'"), ("agency_id", "NULL")])?;
            Err(DbError::Thread)
        });
        assert!(matches!(failed, Err(DbError::Thread)));
        assert_eq!(holidays_in(&db), 0);
        write(&db, |tx| insert(tx, "holidays", &[("agency_id", "NULL")])).unwrap();
        assert_eq!(holidays_in(&db), 1);
    });
}

#[test]
fn a_write_that_panics_leaves_nothing_and_no_lock() {
    both(|test| {
        let db = test.db();
        let lost = catch_unwind(AssertUnwindSafe(|| {
            write(&db, |tx| -> Result<(), DbError> {
                insert(tx, "holidays", &[("agency_id", "NULL")])?;
                panic!("a defect")
            })
        }));
        assert!(lost.is_err());
        assert_eq!(holidays_in(&db), 0);
        write(&db, |tx| insert(tx, "holidays", &[("agency_id", "NULL")])).unwrap();
    });
}

#[test]
fn a_write_without_an_audit_entry_is_rolled_back() {
    both(|test| {
        let db = test.db();
        let silent =
            db.write_now(Who::system(), "test.holiday.add", |tx| insert(tx, "holidays", &[("agency_id", "NULL")]));
        assert!(matches!(silent, Err(DbError::NotAudited("test.holiday.add"))));
        assert_eq!(holidays_in(&db), 0);
        db.upkeep("test.holiday.add", |tx| insert(tx, "holidays", &[("agency_id", "NULL")])).unwrap();
        assert_eq!(holidays_in(&db), 1, "upkeep needs none");
    });
}

#[test]
fn an_audit_entry_says_who_did_what_and_keeps_only_hashes() {
    both(|test| {
        let db = test.db();
        seed(&db).unwrap();
        let who = Who {
            user_id: Some(2),
            on_behalf_of: Some(1),
            agency_id: Some(2),
            request_id: "r7".into(),
            ip: "10.0.0.1".into(),
        };
        db.write_now(who, "records.record.close", |tx| {
            tx.audit(
                Audit::of_record(3)
                    .before(&"مفتوح")
                    .after(&"مغلق")
                    .agency(1)
                    .detail(serde_json::json!({"reason": "انتهى"})),
            )
        })
        .unwrap();
        let row: (Option<i64>, Option<i64>, String, Option<i64>, Option<String>, String, String) = db
            .read_now(|tx| {
                Ok::<_, DbError>(
                    audit_entries::table
                        .order(audit_entries::id.desc())
                        .select((
                            audit_entries::agency_id,
                            audit_entries::on_behalf_of,
                            audit_entries::op,
                            audit_entries::record_id,
                            audit_entries::after_hash,
                            audit_entries::detail,
                            audit_entries::ip,
                        ))
                        .first(tx.conn())?,
                )
            })
            .unwrap();
        let hash = diwan_db::digest(&"مغلق").unwrap();
        let detail = r#"{"reason":"انتهى"}"#.to_owned();
        assert_eq!(
            row,
            (Some(1), Some(1), "records.record.close".into(), Some(3), Some(hash), detail, "10.0.0.1".into())
        );
    });
}

#[test]
fn a_read_cannot_write() {
    both(|test| {
        let written = test.db().read_now(|tx| {
            diesel::sql_query(
                "INSERT INTO blobs (hash, size, media_type, created_at) VALUES ('x', 1, 'x', '2026-11-01 00:00:00')",
            )
            .execute(tx.conn())
            .map_err(DbError::from)
        });
        let message = written.unwrap_err().to_string();
        assert!(message.contains("read-only") || message.contains("readonly"), "{message}");
    });
}

#[test]
fn a_read_sees_one_moment() {
    both(|test| {
        let (db, other) = (test.db(), test.another_node());
        db.read_now(|tx| {
            let count = |tx: &mut diwan_db::ReadTx<'_>| holidays::table.count().get_result::<i64>(tx.conn());
            assert_eq!(count(tx)?, 0);
            write(&other, |tx| insert(tx, "holidays", &[("agency_id", "NULL")]))?;
            assert_eq!(count(tx)?, 0);
            Ok::<(), DbError>(())
        })
        .unwrap();
        assert_eq!(holidays_in(&db), 1);
    });
}

/// A deferred transaction that reads and then writes fails at once on SQLite when another has written in between.
#[test]
fn writers_of_several_nodes_wait_for_each_other() {
    both(|test| {
        seed(&test.db()).unwrap();
        write(&test.db(), |tx| insert(tx, "counters", &[("register_id", "1"), ("year", "2026"), ("last_seq", "0")]))
            .unwrap();
        let nodes = [test.db(), test.another_node(), test.another_node()];
        thread::scope(|scope| {
            for db in &nodes {
                scope.spawn(|| {
                    for _ in 0..10 {
                        write(db, |tx| {
                            // A read first: the lock must have been taken before it.
                            audit_entries::table.count().get_result::<i64>(tx.conn())?;
                            diesel::update(counters::table)
                                .set(counters::last_seq.eq(counters::last_seq + 1))
                                .execute(tx.conn())?;
                            Ok(())
                        })
                        .unwrap();
                    }
                });
            }
        });
        let last: i64 = test
            .db()
            .read_now(|tx| Ok::<_, DbError>(counters::table.select(counters::last_seq).get_result(tx.conn())?))
            .unwrap();
        assert_eq!(last, 30);
    });
}

/// On SQLite a second writer does not even begin before the first has ended, and so sees all of it.
#[test]
fn a_write_on_sqlite_begins_immediately() {
    let test = diwan_testkit::TestDb::on(Backend::Sqlite);
    let other = test.another_node();
    let begun = Barrier::new(2);
    thread::scope(|scope| {
        scope.spawn(|| {
            write(&test.db(), |tx| {
                begun.wait();
                thread::sleep(Duration::from_millis(150));
                insert(tx, "holidays", &[("agency_id", "NULL")])
            })
            .unwrap();
        });
        begun.wait();
        let seen = write(&other, |tx| Ok(holidays::table.count().get_result::<i64>(tx.conn())?)).unwrap();
        assert_eq!(seen, 1);
    });
}

#[test]
fn broken_rules_are_told_apart() {
    both(|test| {
        let db = test.db();
        seed(&db).unwrap();
        let violation =
            |table: &str, given: &[(&str, &str)]| write(&db, |tx| insert(tx, table, given)).unwrap_err().violation();
        assert_eq!(violation("agencies", &[("code", "'A1'"), ("kind", "'court'")]), Some(Violation::Unique));
        assert_eq!(violation("agencies", &[("code", "'X'"), ("kind", "'club'")]), Some(Violation::Check));
        assert_eq!(violation("registers", &[("agency_id", "99"), ("code", "'X'")]), Some(Violation::ForeignKey));
        assert_eq!(violation("registers", &[("agency_id", "NULL"), ("code", "'X'")]), Some(Violation::NotNull));
        let unknown = sql(&db, "SELECT nothing FROM nowhere").unwrap_err();
        assert_eq!(unknown.violation(), None);
        assert!(!unknown.is_unique_violation());
    });
}

#[test]
fn followers_are_woken_by_commits_that_left_work() {
    both(|test| {
        let db = test.db();
        let mut wakes = db.wakes();
        write(&db, |_| Ok(())).unwrap();
        let _rolled_back = write(&db, |tx| -> Result<(), DbError> {
            tx.outbox("t", None, None, &1)?;
            Err(DbError::Thread)
        });
        assert!(!wakes.has_changed().unwrap());
        write(&db, |tx| tx.outbox("t", None, None, &1)).unwrap();
        assert!(wakes.has_changed().unwrap());
        wakes.mark_unchanged();
        write(&db, |tx| tx.enqueue(NewJob::new("k", serde_json::json!(1)))).unwrap();
        assert!(wakes.has_changed().unwrap());
    });
}

#[test]
fn the_day_is_the_one_in_the_capital() {
    both(|test| {
        test.clock().set(NaiveDate::from_ymd_opt(2026, 12, 31).unwrap().and_hms_opt(20, 59, 59).unwrap());
        let day = || test.db().read_now(|tx| Ok::<_, DbError>(tx.today())).unwrap();
        assert_eq!(day(), NaiveDate::from_ymd_opt(2026, 12, 31).unwrap());
        test.clock().advance(chrono::Duration::seconds(1));
        let first = NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
        assert_eq!(day(), first);
        // The same day for papers and for lists "from" it.
        let midnight = NaiveDate::from_ymd_opt(2026, 12, 31).unwrap().and_hms_opt(21, 0, 0).unwrap();
        let read = test.db().read_now(|tx| Ok::<_, DbError>((tx.day_of(midnight), tx.start_of(first))));
        assert_eq!(read.unwrap(), (first, midnight));
    });
}

#[test]
fn callers_that_await_get_values_and_errors() {
    both_async(|test| async move {
        let db = test.db();
        db.write(Who::system(), "test.holiday.add", |tx| {
            insert(tx, "holidays", &[("agency_id", "NULL")])?;
            tx.audit(Audit::of("holiday", 1))
        })
        .await
        .unwrap();
        let count = db.read(|tx| Ok::<i64, DbError>(holidays::table.count().get_result(tx.conn())?)).await;
        assert_eq!(count.unwrap(), 1);
        let lost = db.blocking(|_| -> Result<(), DbError> { panic!("a defect") }).await;
        assert!(matches!(lost, Err(DbError::Thread)));
        assert_eq!(db.blocking(|db| db.seal_audit(10)).await.unwrap(), 1);
    });
}

#[test]
fn a_connection_the_server_closed_is_replaced() {
    let test = diwan_testkit::TestDb::on(Backend::Postgres);
    let db = test.db();
    sql(&test.another_node(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()").unwrap();
    wait_until("a connection that works", || {
        db.read_now(|tx| Ok::<i64, DbError>(holidays::table.count().get_result(tx.conn())?)).ok()
    });
    write(&db, |tx| insert(tx, "holidays", &[("agency_id", "NULL")])).unwrap();
}

#[test]
fn of_two_who_wait_for_each_other_one_is_told_that_others_were_in_the_way() {
    let test = diwan_testkit::TestDb::on(Backend::Postgres);
    let db = test.db();
    for day in ["'2026-11-01'", "'2026-11-02'"] {
        write(&db, |tx| insert(tx, "holidays", &[("agency_id", "NULL"), ("day", day)])).unwrap();
    }
    let ids = holidays::table.order(holidays::id).select(holidays::id);
    let ids: Vec<i64> = db.read_now(|tx| Ok::<_, DbError>(ids.load(tx.conn())?)).unwrap();
    let both_there = Barrier::new(2);
    let cross = |first: i64, second: i64| {
        write(&db, |tx| {
            diesel::update(holidays::table.find(first)).set(holidays::name_ar.eq("عيد")).execute(tx.conn())?;
            both_there.wait();
            diesel::update(holidays::table.find(second)).set(holidays::name_ar.eq("عيد")).execute(tx.conn())?;
            Ok(())
        })
    };
    let ended = thread::scope(|scope| {
        let other = scope.spawn(|| cross(ids[0], ids[1]));
        [cross(ids[1], ids[0]), other.join().unwrap()]
    });
    let refused: Vec<&DbError> = ended.iter().filter_map(|one| one.as_ref().err()).collect();
    assert!(matches!(refused[..], [error] if error.is_busy() && !error.is_too_late()), "{refused:?}");
}
