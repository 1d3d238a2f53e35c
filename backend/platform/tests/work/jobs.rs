//! Workers: they do each job, try again, set aside, and survive bad handlers.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use chrono::Duration;
use diwan_db::{Audit, NewJob};
use diwan_kernel::{PageRequest, Permission};
use diwan_platform::{
    Actor, Refusal,
    work::{JobError, Work, queue},
};
use diwan_platform_api::work::{JobState, JobView};
use diwan_testkit::{both, wait_until};
use serde_json::json;

use super::{Ground, Running};

fn enqueue(ground: &Ground, job: NewJob) {
    ground.write("test.enqueue", |tx| {
        tx.audit(Audit::of("test", 0))?;
        Ok(tx.enqueue(job)?)
    });
}

fn manager(ground: &Ground) -> Actor {
    let mut actor = ground.clerk();
    actor.permissions.insert(Permission::JobsManage);
    actor
}

fn jobs(ground: &Ground, state: Option<JobState>) -> Vec<JobView> {
    let actor = manager(ground);
    ground.platform.db.read_now(|tx| queue::list(tx, &actor, state, &PageRequest::default())).unwrap().items
}

#[test]
fn a_job_is_done_once_and_goes() {
    both(|db| {
        let ground = Ground::on(db);
        let done = Arc::new(AtomicUsize::new(0));
        let mut work = Work::default();
        let count = Arc::clone(&done);
        work.jobs.on("test.add", move |_run, amount: usize| {
            count.fetch_add(amount, Ordering::SeqCst);
            Ok(())
        });
        let _running = Running::start(&ground.platform, work);
        for _ in 0..20 {
            enqueue(&ground, NewJob::new("test.add", json!(5)));
        }
        wait_until("the jobs are gone", || jobs(&ground, None).is_empty().then_some(()));
        assert_eq!(done.load(Ordering::SeqCst), 100);
    });
}

#[test]
fn a_job_can_end_with_its_effect() {
    both(|db| {
        let ground = Ground::on(db);
        let mut work = Work::default();
        let who = ground.clerk().who();
        work.jobs.on("test.exact", move |run, (): ()| {
            run.platform.db.write_now(who.clone(), "test.effect", |tx| {
                tx.audit(Audit::of("effect", 0))?;
                run.finish_in(tx)
            })?;
            Ok(())
        });
        let _running = Running::start(&ground.platform, work);
        enqueue(&ground, NewJob::new("test.exact", json!(null)));
        wait_until("the job is gone", || jobs(&ground, None).is_empty().then_some(()));
    });
}

#[test]
fn what_fails_is_tried_again_and_shows_why() {
    both(|db| {
        let ground = Ground::on(db);
        let tries = Arc::new(AtomicUsize::new(0));
        let mut work = Work::default();
        let count = Arc::clone(&tries);
        work.jobs.on("test.flaky", move |run, (): ()| match run.attempt() {
            1 => {
                count.fetch_add(1, Ordering::SeqCst);
                Err(JobError::Later("the server is down".to_owned()))
            }
            // A panic is a failure like another.
            2 => panic!("attempt {}", count.fetch_add(1, Ordering::SeqCst)),
            _ => Ok(()),
        });
        let _running = Running::start(&ground.platform, work);
        enqueue(&ground, NewJob::new("test.flaky", json!(null)));
        for (attempts, error) in [(1, "the server is down"), (2, "the handler panicked: attempt 1")] {
            let job = wait_until("it failed", || {
                jobs(&ground, Some(JobState::Waiting))
                    .pop()
                    .filter(|job| job.attempts == attempts && job.last_error.is_some())
            });
            assert_eq!(job.last_error.as_deref(), Some(error));
            assert!(job.run_at > TestTime::now(&ground), "it waits before it is tried again");
            ground.db.clock().advance(Duration::minutes(1));
        }
        wait_until("it was done", || jobs(&ground, None).is_empty().then_some(()));
        assert_eq!(tries.load(Ordering::SeqCst), 2);
    });
}

/// The time of the test's clock.
struct TestTime;

impl TestTime {
    fn now(ground: &Ground) -> chrono::NaiveDateTime {
        use diwan_db::Clock;
        ground.db.clock().now()
    }
}

#[test]
fn what_cannot_be_done_is_set_aside_until_somebody_looks() {
    both(|db| {
        let ground = Ground::on(db);
        let mut work = Work::default();
        work.jobs.on("test.number", |_run, _number: i64| Ok(()));
        work.jobs.on("test.rule", |_run, (): ()| Err(Refusal::NotFound("record").into()));
        let _running = Running::start(&ground.platform, work);
        enqueue(&ground, NewJob::new("test.number", json!("no number")));
        enqueue(&ground, NewJob::new("test.rule", json!(null)));
        let dead = wait_until("both are set aside", || {
            Some(jobs(&ground, Some(JobState::Dead))).filter(|dead| dead.len() == 2)
        });
        assert!(dead[1].last_error.as_deref().is_some_and(|e| e.contains("payload")), "{dead:?}");
        assert!(dead[0].last_error.as_deref().is_some_and(|e| e.contains("no record")), "{dead:?}");

        let actor = manager(&ground);
        let counts = ground.platform.db.read_now(|tx| queue::counts(tx, &actor)).unwrap();
        assert_eq!((counts.waiting, counts.running, counts.dead), (0, 0, 2));
        let write = |op, id, f: fn(&mut diwan_db::WriteTx<'_>, &Actor, i64) -> diwan_platform::Outcome<()>| {
            ground.platform.db.write_now(actor.who(), op, |tx| f(tx, &actor, id))
        };
        write("platform.job.drop", dead[0].id, queue::drop).unwrap();
        assert!(matches!(write("platform.job.drop", dead[0].id, queue::drop), Err(Refusal::NotFound("job"))));
        write("platform.job.retry", dead[1].id, queue::retry).unwrap();
        wait_until("it failed again", || {
            jobs(&ground, Some(JobState::Dead)).pop().filter(|job| job.id == dead[1].id && job.attempts == 1)
        });
    });
}

#[test]
fn the_list_of_jobs_is_for_those_with_the_right() {
    both(|db| {
        let ground = Ground::on(db);
        let clerk = ground.clerk();
        let listed = ground.platform.db.read_now(|tx| queue::list(tx, &clerk, None, &PageRequest::default()));
        assert!(matches!(listed, Err(Refusal::Forbidden(Permission::JobsManage))));
    });
}

#[test]
fn slow_jobs_hold_up_nothing_else() {
    both(|db| {
        let ground = Ground::on(db);
        let (release, wait) = std::sync::mpsc::channel::<()>();
        let wait = std::sync::Mutex::new(wait);
        let mut work = Work::default();
        work.jobs.on_slow("test.slow", move |_run, (): ()| {
            // Until the test lets it go.
            let _released = wait.lock().unwrap().recv_timeout(std::time::Duration::from_secs(10));
            Ok(())
        });
        work.jobs.on("test.quick", |_run, (): ()| Ok(()));
        let _running = Running::start(&ground.platform, work);
        for _ in 0..3 {
            enqueue(&ground, NewJob::new("test.slow", json!(null)).priority(1));
        }
        wait_until("one slow job runs", || (jobs(&ground, Some(JobState::Running)).len() == 1).then_some(()));
        enqueue(&ground, NewJob::new("test.quick", json!(null)));
        wait_until("the quick one is done", || {
            jobs(&ground, None).iter().all(|job| job.kind == "test.slow").then_some(())
        });
        let running = jobs(&ground, Some(JobState::Running));
        let actor = manager(&ground);
        let retried = ground
            .platform
            .db
            .write_now(actor.who(), "platform.job.retry", |tx| queue::retry(tx, &actor, running[0].id));
        assert!(matches!(retried, Err(Refusal::Rule { code: "job_is_running", .. })), "{retried:?}");
        (0..3).for_each(|_| release.send(()).unwrap());
        wait_until("all are done", || jobs(&ground, None).is_empty().then_some(()));
    });
}

#[test]
fn the_sealer_runs() {
    both(|db| {
        let ground = Ground::on(db);
        let _running = Running::start(&ground.platform, Work::default());
        ground.write("test.entry", |tx| Ok(tx.audit(Audit::of("test", 1))?));
        wait_until("every entry has its link", || {
            ground.platform.db.verify_audit(-1).unwrap().is_sound().then_some(())
        });
    });
}
