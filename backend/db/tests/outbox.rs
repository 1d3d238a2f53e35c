//! Nothing that commits is skipped by a follower, however late it commits.

use std::{sync::mpsc, thread};

use diesel::prelude::*;
use diwan_db::{Backend, Db, DbError, NewJob, OutboxPosition, OutboxRow};
use diwan_schema::platform::{jobs, outbox};
use diwan_testkit::{TestDb, both, wait_until};

use crate::support::{sql, write};

fn tell(db: &Db, topic: &str) {
    write(db, |tx| tx.outbox(topic, None, None, &topic)).unwrap();
}

fn topics(rows: &[OutboxRow]) -> Vec<&str> {
    rows.iter().map(|row| row.topic.as_str()).collect()
}

/// Follows until `count` messages have come: other tests' transactions on the same server hold the horizon back too.
fn follow(db: &Db, position: &mut OutboxPosition, count: usize) -> Vec<OutboxRow> {
    let mut seen = Vec::new();
    wait_until("messages in the outbox", || {
        let (rows, next) = db.outbox_after(*position, 2).unwrap();
        *position = next;
        seen.extend(rows);
        (seen.len() >= count).then_some(())
    });
    seen
}

#[test]
fn messages_come_in_order_page_by_page() {
    both(|test| {
        let db = test.db();
        let mut position = OutboxPosition::default();
        assert_eq!(db.outbox_after(position, 10).unwrap(), (vec![], position));
        for topic in ["a", "b", "c", "d", "e"] {
            tell(&db, topic);
        }
        let rows = follow(&db, &mut position, 5);
        assert_eq!(topics(&rows), ["a", "b", "c", "d", "e"]);
        assert_eq!(rows[0].payload, "\"a\"");
        let kept: OutboxPosition = position.to_string().parse().unwrap();
        assert_eq!(kept, position);
        assert_eq!(db.outbox_after(kept, 10).unwrap().0, []);
        assert_eq!(topics(&db.outbox_after(rows[2].position(), 10).unwrap().0), ["d", "e"]);
    });
}

#[test]
fn a_slow_writer_with_a_lower_id_is_not_skipped() {
    let test = TestDb::on(Backend::Postgres);
    let (db, slow) = (test.db(), test.another_node());
    let (wrote, has_written) = mpsc::channel();
    let (go, may_commit) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            write(&slow, |tx| {
                // Written long before the commit, which messages of Diwan itself are not.
                let row = (outbox::topic.eq("slow"), outbox::payload.eq("1"), outbox::created_at.eq(tx.now()));
                diesel::insert_into(outbox::table).values(row).execute(tx.conn())?;
                wrote.send(()).unwrap();
                may_commit.recv().unwrap();
                Ok(())
            })
            .unwrap();
        });
        has_written.recv().unwrap();
        tell(&db, "fast");
        let mut position = OutboxPosition::default();
        let (rows, next) = db.outbox_after(position, 10).unwrap();
        assert_eq!((topics(&rows), next), (vec![], position), "what comes behind an open transaction waits");
        go.send(()).unwrap();
        let rows = follow(&db, &mut position, 2);
        assert_eq!(topics(&rows), ["slow", "fast"]);
    });
}

#[test]
fn what_is_told_in_a_part_that_fails_is_not_told() {
    both(|test| {
        let db = test.db();
        write(&db, |tx| {
            tx.outbox("first", None, None, &1)?;
            let failed = tx.attempt(|tx| {
                tx.outbox("taken back", None, None, &1)?;
                tx.enqueue(NewJob::new("taken.back", serde_json::json!({})))?;
                diesel::sql_query("SELECT * FROM no_such_table").execute(tx.conn())?;
                Ok::<_, DbError>(())
            })?;
            assert!(failed.is_err());
            tx.attempt(|tx| tx.outbox("second", None, None, &1))??;
            Ok(())
        })
        .unwrap();
        assert_eq!(topics(&follow(&db, &mut OutboxPosition::default(), 2)), ["first", "second"]);
        let jobs = db.read_now(|tx| Ok::<i64, DbError>(jobs::table.count().get_result(tx.conn())?));
        assert_eq!(jobs.unwrap(), 0);
    });
}

#[test]
fn many_writers_and_a_follower_agree() {
    both(|test| {
        let db = test.db();
        let mut position = OutboxPosition::default();
        let mut seen = Vec::new();
        thread::scope(|scope| {
            for writer in 0..4 {
                let db = test.db();
                scope.spawn(move || (0..15).for_each(|n| tell(&db, &format!("{writer}-{n}"))));
            }
            seen = follow(&db, &mut position, 60);
        });
        let mut names = topics(&seen);
        for writer in ["0-", "1-", "2-", "3-"] {
            let own: Vec<_> = names.iter().copied().filter(|name| name.starts_with(writer)).collect();
            let expected: Vec<_> = (0..15).map(|n| format!("{writer}{n}")).collect();
            assert_eq!(own, expected);
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 60);
    });
}

#[test]
fn a_follower_that_reads_the_tables_first_goes_on_from_the_head() {
    both(|test| {
        let db = test.db();
        tell(&db, "before");
        // A message that is still held back would lie behind the head too.
        follow(&db, &mut OutboxPosition::default(), 1);
        let mut position = db.outbox_head().unwrap();
        tell(&db, "after");
        assert_eq!(topics(&follow(&db, &mut position, 1)), ["after"]);
    });
}

#[test]
fn a_position_from_another_database_is_refused() {
    let test = TestDb::on(Backend::Postgres);
    let foreign: OutboxPosition = "900000000000:1".parse().unwrap();
    assert!(matches!(test.db().outbox_after(foreign, 10), Err(DbError::OutboxPosition)));
}

#[test]
fn messages_brought_in_from_elsewhere_are_read_after_a_rebase() {
    let test = TestDb::on(Backend::Postgres);
    let db = test.db();
    tell(&db, "restored");
    sql(&db, "UPDATE outbox SET xid = 900000000000").unwrap();
    assert_eq!(db.outbox_after(OutboxPosition::default(), 10).unwrap().0, []);
    db.upkeep("test.rebase", |tx| tx.rebase_outbox()).unwrap();
    assert_eq!(topics(&follow(&db, &mut OutboxPosition::default(), 1)), ["restored"]);
}
