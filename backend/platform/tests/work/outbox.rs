//! Followers get every row, in order, again after a failure; what is purged is not waited for.

use std::sync::{Arc, Mutex};

use chrono::Duration;
use diwan_db::{Audit, OutboxPosition, OutboxRow};
use diwan_kernel::{PageRequest, Secrecy};
use diwan_platform::{
    Outcome, Platform, Refusal,
    work::{Follower, Keep, Work, drafts, notifications, purge},
};
use diwan_testkit::{TestDb, both, both_async, wait_until};

use super::{Ground, Running, document};

#[derive(Default)]
struct Seen {
    topics: Vec<String>,
    failures: usize,
    starts: Vec<bool>,
}

/// Fails twice, then takes everything.
struct Witness {
    seen: Arc<Mutex<Seen>>,
    from: OutboxPosition,
}

impl Follower for Witness {
    fn name(&self) -> &'static str {
        "witness"
    }

    fn start(&mut self, platform: &Platform, lost: bool) -> Outcome<OutboxPosition> {
        self.seen.lock().unwrap().starts.push(lost);
        Ok(if lost { platform.db.outbox_head()? } else { self.from })
    }

    fn follow(&mut self, _: &Platform, rows: &[OutboxRow], position: OutboxPosition) -> Outcome<OutboxPosition> {
        let mut seen = self.seen.lock().unwrap();
        if seen.failures < 1 {
            seen.failures += 1;
            return Err(Refusal::Internal("not now".to_owned()));
        }
        seen.topics.extend(rows.iter().map(|row| row.topic.clone()));
        Ok(position)
    }
}

fn say(ground: &Ground, topic: &str) {
    ground.write("test.say", |tx| {
        tx.audit(Audit::of("test", 0))?;
        Ok(tx.outbox(topic, None, None, &())?)
    });
}

#[test]
fn rows_come_in_order_and_again_after_a_failure() {
    both(|db| {
        let ground = Ground::on(db);
        let (seen, from) = (Arc::<Mutex<Seen>>::default(), ground.platform.db.outbox_head().unwrap());
        say(&ground, "t0");
        let mut work = Work::default();
        work.follower(Witness { seen: Arc::clone(&seen), from });
        let _running = Running::start(&ground.platform, work);
        let topics: Vec<String> = (0..30).map(|number| format!("t{number}")).collect();
        topics.iter().skip(1).for_each(|topic| say(&ground, topic));
        wait_until("all rows came", || (seen.lock().unwrap().topics.len() == 30).then_some(()));
        assert_eq!(seen.lock().unwrap().topics, topics);
    });
}

#[test]
fn a_follower_that_was_away_too_long_begins_anew() {
    both(|db| {
        let ground = Ground::on(db);
        let from = ground.platform.db.outbox_head().unwrap();
        say(&ground, "old");
        ground.db.clock().advance(Duration::days(8));
        say(&ground, "new");
        purge(&ground.platform, Keep { outbox_days: 7, drafts_days: 60 }).unwrap();
        // On PostgreSQL rows are seen once every older transaction of the server has ended.
        let rows = wait_until("the rows are seen", || {
            Some(ground.platform.db.outbox_after(OutboxPosition::default(), 10).unwrap().0)
                .filter(|rows| !rows.is_empty())
        });
        assert_eq!(rows.iter().map(|row| row.topic.as_str()).collect::<Vec<_>>(), ["new"]);

        let seen = Arc::<Mutex<Seen>>::default();
        let mut work = Work::default();
        work.follower(Witness { seen: Arc::clone(&seen), from });
        let _running = Running::start(&ground.platform, work);
        wait_until("it was told to begin anew", || seen.lock().unwrap().starts.contains(&true).then_some(()));
    });
}

#[test]
fn forgotten_drafts_go() {
    both_async(async |db: TestDb| {
        let ground = Ground::on(db);
        let clerk = ground.clerk();
        let keep = Keep { outbox_days: 7, drafts_days: 60 };
        drafts::put(&ground.platform, &clerk, "old".into(), String::new()).await.unwrap();
        ground.db.clock().advance(Duration::days(61));
        drafts::put(&ground.platform, &clerk, "new".into(), String::new()).await.unwrap();
        purge(&ground.platform, keep).unwrap();
        let left = ground.platform.db.read_now(|tx| drafts::list(tx, &clerk)).unwrap();
        assert_eq!(left.iter().map(|draft| draft.key.as_str()).collect::<Vec<_>>(), ["new"]);
    });
}

#[test]
fn notifications_are_paged_counted_and_read() {
    both_async(async |db: TestDb| {
        let ground = Ground::on(db);
        let clerk = ground.clerk();
        let director = ground.world.mof.actor(&ground.platform.db, "director");
        let theirs = document(&ground, &director, Secrecy::TopSecret);
        let mine = document(&ground, &clerk, Secrecy::Normal);
        for _ in 0..3 {
            ground.tell_clerk(mine);
        }
        ground.tell_clerk(theirs);
        let list = |unread, after, limit| {
            let page = PageRequest { after, limit: Some(limit) };
            ground.platform.db.read_now(|tx| notifications::list(tx, &clerk, unread, &page)).unwrap()
        };
        let first = list(false, None, 3);
        assert_eq!((first.items.len(), first.next.is_some()), (3, true));
        assert_eq!(first.items[0].record, None, "a record above one's clearance is not named");
        assert_eq!(first.items[1].record.as_ref().map(|record| record.id), Some(mine));
        let second = list(false, first.next.clone(), 3);
        assert_eq!((second.items.len(), second.next), (1, None));

        let read = diwan_platform_api::work::MarkRead { ids: vec![first.items[0].id], up_to: Some(second.items[0].id) };
        notifications::mark_read(&ground.platform, &clerk, read.clone()).await.unwrap();
        notifications::mark_read(&ground.platform, &director, read).await.unwrap();
        let unread = ground.platform.db.read_now(|tx| notifications::unread(tx, &clerk)).unwrap();
        assert_eq!((unread.unread, list(true, None, 10).items.len()), (2, 2));
    });
}
