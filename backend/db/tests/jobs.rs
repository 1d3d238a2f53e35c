//! Jobs run once each, survive their workers, and end up where a person sees them.

use std::{collections::BTreeMap, sync::Mutex, thread};

use chrono::Duration;
use diesel::prelude::*;
use diwan_db::{AfterFailure, Backend, Db, DbError, LeasedJob, NewJob};
use diwan_schema::platform::jobs;
use diwan_testkit::{TestDb, both};
use serde_json::json;

use crate::support::write;

fn add(db: &Db, job: NewJob) {
    write(db, |tx| tx.enqueue(job)).unwrap();
}

fn job(n: i32) -> NewJob {
    NewJob::new("print", json!({"n": n}))
}

fn lease(db: &Db, limit: i64) -> Vec<LeasedJob> {
    db.lease_jobs("worker", &["print"], limit, 60).unwrap()
}

fn payloads(leased: &[LeasedJob]) -> Vec<&str> {
    leased.iter().map(|job| job.payload.as_str()).collect()
}

fn kept(db: &Db) -> Vec<(String, i32, Option<String>)> {
    let rows = jobs::table.order(jobs::id).select((jobs::state, jobs::attempts, jobs::last_error));
    db.read_now(|tx| Ok::<_, DbError>(rows.load(tx.conn())?)).unwrap()
}

#[test]
fn the_most_urgent_due_jobs_of_the_asked_kinds_come_first() {
    both(|test| {
        let db = test.db();
        assert_eq!(lease(&db, 10), []);
        add(&db, job(1));
        add(&db, job(2).priority(200));
        add(&db, job(3).priority(50));
        add(&db, job(4).run_at(TestDb::start() + Duration::minutes(1)));
        add(&db, NewJob::new("mail", json!(5)));
        assert_eq!(payloads(&lease(&db, 2)), [r#"{"n":3}"#, r#"{"n":1}"#]);
        assert_eq!(payloads(&lease(&db, 2)), [r#"{"n":2}"#]);
        test.clock().advance(Duration::seconds(59));
        assert_eq!(lease(&db, 9), []);
        test.clock().advance(Duration::seconds(1));
        assert_eq!(lease(&db, 9).len(), 4, "the job of the next minute, and three whose lease is over");
        assert_eq!(db.lease_jobs("worker", &[], 9, 60).unwrap(), []);
    });
}

#[test]
fn each_job_runs_once_however_many_workers_there_are() {
    both(|test| {
        let db = test.db();
        (0..60).for_each(|n| add(&db, job(n)));
        let ran: Mutex<BTreeMap<i64, usize>> = Mutex::default();
        thread::scope(|scope| {
            for worker in 0..6 {
                let (db, ran) = (test.another_node(), &ran);
                scope.spawn(move || {
                    let name = format!("worker-{worker}");
                    loop {
                        let leased = db.lease_jobs(&name, &["print"], 3, 60).unwrap();
                        // Others may hold the rest locked for a moment: look whether any are left.
                        if leased.is_empty() && kept(&db).iter().all(|(_, attempts, _)| *attempts > 0) {
                            return;
                        }
                        for job in leased {
                            *ran.lock().unwrap().entry(job.id).or_default() += 1;
                            db.finish(&job).unwrap();
                        }
                    }
                });
            }
        });
        let ran = ran.into_inner().unwrap();
        assert_eq!(ran.len(), 60);
        assert!(ran.values().all(|times| *times == 1), "{ran:?}");
        assert_eq!(kept(&db), []);
    });
}

#[test]
fn a_lease_that_ran_out_is_taken_over_and_is_worth_nothing() {
    both(|test| {
        let db = test.db();
        add(&db, job(1));
        let first = lease(&db, 1).remove(0);
        assert_eq!(lease(&db, 1), []);
        test.clock().advance(Duration::seconds(60));
        assert!(
            matches!(db.finish(&first), Err(DbError::LeaseLost(id)) if id == first.id),
            "nobody has it yet, but it is over"
        );
        let second = lease(&db, 1).remove(0);
        assert_eq!((second.id, second.attempts), (first.id, 2));
        // The same worker, even: it is the lease that counts.
        assert!(matches!(db.finish(&first), Err(DbError::LeaseLost(_))));
        assert!(matches!(db.fail(&first, "late"), Err(DbError::LeaseLost(_))));
        assert!(matches!(db.renew(&first, 60), Err(DbError::LeaseLost(_))));
        test.clock().advance(Duration::seconds(50));
        db.renew(&second, 60).unwrap();
        test.clock().advance(Duration::seconds(50));
        assert_eq!(lease(&db, 1), []);
        db.finish(&second).unwrap();
        assert!(matches!(db.finish(&second), Err(DbError::LeaseLost(_))), "once");
        assert_eq!(kept(&db), []);
    });
}

#[test]
fn a_job_that_fails_comes_back_later_and_later_until_it_is_set_aside() {
    both(|test| {
        let db = test.db();
        add(&db, job(1).max_attempts(3));
        let mut waits = Vec::new();
        for attempt in 1..=2 {
            let leased = lease(&db, 1).remove(0);
            assert_eq!(leased.attempts, attempt);
            let now = db.clock().now();
            let AfterFailure::Retry(at) = db.fail(&leased, "الخادم لا يجيب").unwrap() else {
                panic!("set aside too early")
            };
            waits.push(at - now);
            assert_eq!(lease(&db, 1), [], "not before its time");
            test.clock().set(at);
        }
        assert!(waits[0] >= Duration::seconds(5) && waits[0] <= Duration::seconds(10), "{waits:?}");
        assert!(waits[1] >= Duration::seconds(10) && waits[1] <= Duration::seconds(20), "{waits:?}");
        let last = lease(&db, 1).remove(0);
        assert_eq!(db.fail(&last, &"خ".repeat(5000)).unwrap(), AfterFailure::Dead);
        assert_eq!(kept(&db), [("dead".to_owned(), 3, Some("خ".repeat(2000)))]);
        test.clock().advance(Duration::days(1));
        assert_eq!(lease(&db, 1), []);

        assert!(write(&db, |tx| tx.retry_dead(last.id)).unwrap());
        assert!(!write(&db, |tx| tx.retry_dead(last.id)).unwrap(), "it is not dead any more");
        assert_eq!(lease(&db, 1)[0].attempts, 1);
    });
}

#[test]
fn a_job_that_takes_its_workers_down_is_set_aside() {
    both(|test| {
        let db = test.db();
        add(&db, job(1).max_attempts(2));
        for _ in 0..2 {
            assert_eq!(lease(&db, 1).len(), 1);
            test.clock().advance(Duration::seconds(61));
        }
        assert_eq!(lease(&db, 1), []);
        assert_eq!(kept(&db), [("dead".to_owned(), 2, Some("worker lost on the last attempt".to_owned()))]);
    });
}

#[test]
fn a_job_waits_only_once_under_its_key_but_again_when_it_runs() {
    both(|test| {
        let db = test.db();
        for n in 0..3 {
            add(&db, job(n).dedupe("record 7".to_owned()));
        }
        let leased = lease(&db, 9);
        assert_eq!(payloads(&leased), [r#"{"n":0}"#]);
        // What changes while it runs, it may not have read.
        add(&db, job(8).dedupe("record 7".to_owned()));
        add(&db, job(9));
        assert_eq!(payloads(&lease(&db, 9)), [r#"{"n":8}"#, r#"{"n":9}"#]);
        db.fail(&leased[0], "again").unwrap();
        assert_eq!(kept(&db).len(), 3);
    });
}

/// On PostgreSQL a job may be leased while a write that wants it runs: it sees nothing of that write, which adds another.
#[test]
fn a_write_that_wants_a_job_gets_one_that_sees_it() {
    let test = TestDb::on(Backend::Postgres);
    let (db, worker) = (test.db(), test.another_node());
    add(&db, job(1).dedupe("record 7".to_owned()));
    write(&db, |tx| {
        tx.enqueue(job(2).dedupe("record 7".to_owned()))?;
        assert_eq!(payloads(&lease(&worker, 9)), [r#"{"n":1}"#]);
        Ok(())
    })
    .unwrap();
    assert_eq!(payloads(&lease(&worker, 9)), [r#"{"n":2}"#]);
}

#[test]
fn writers_that_share_keys_never_wait_in_a_circle() {
    both(|test| {
        thread::scope(|scope| {
            for writer in 0..4 {
                let db = test.another_node();
                scope.spawn(move || {
                    for _ in 0..20 {
                        let mut keys: Vec<_> = (0..5).map(|key| format!("record {key}")).collect();
                        keys.rotate_left(writer);
                        write(&db, |tx| keys.into_iter().try_for_each(|key| tx.enqueue(job(1).dedupe(key)))).unwrap();
                    }
                });
            }
        });
        assert_eq!(kept(&test.db()).len(), 5);
    });
}

#[test]
fn a_job_does_not_carry_what_it_is_about() {
    both(|test| {
        let heavy = NewJob::new("print", json!("خ".repeat(40_000)));
        let refused = write(&test.db(), |tx| tx.enqueue(heavy));
        assert!(matches!(refused, Err(DbError::JobTooLarge("print"))));
    });
}

#[test]
fn a_job_finishes_together_with_its_work_or_not_at_all() {
    both(|test| {
        let db = test.db();
        add(&db, job(1));
        let leased = lease(&db, 1).remove(0);
        let failed: Result<(), DbError> = write(&db, |tx| {
            tx.finish_job(&leased)?;
            Err(DbError::Thread)
        });
        assert!(failed.is_err());
        assert_eq!(kept(&db).len(), 1);
        write(&db, |tx| tx.finish_job(&leased)).unwrap();
        assert_eq!(kept(&db), []);
    });
}
