//! Live events reach those who may see, and nobody else.

use std::time::Duration;

use diwan_db::OutboxPosition;
use diwan_kernel::Secrecy;
use diwan_platform::{
    Actor,
    records::{self, access},
    work::{
        Live, Work,
        live::{LiveEvent, LiveFollower, Subscription},
    },
};
use diwan_platform_api::work::{LiveKind, NotificationView, RecordChanged};
use diwan_testkit::{TestDb, both, both_async, wait_until};

use super::{Ground, Running, document};

/// The next event within a time that is long for Diwan.
async fn next(subscription: &mut Subscription) -> LiveEvent {
    tokio::time::timeout(Duration::from_secs(10), subscription.next()).await.expect("no event").expect("cut off")
}

async fn nothing(subscription: &mut Subscription) {
    let event = tokio::time::timeout(Duration::from_millis(300), subscription.next()).await;
    assert!(event.is_err(), "{event:?}");
}

/// Waits until readers see so many rows: on PostgreSQL, until every older transaction of the server has ended.
fn seen(ground: &Ground, from: OutboxPosition, rows: usize) {
    wait_until("the rows are seen", || {
        (ground.platform.db.outbox_after(from, 1000).unwrap().0.len() >= rows).then_some(())
    });
}

fn follow(ground: &Ground) -> (Live, Running) {
    let live = Live::default();
    let mut work = Work::default();
    work.follower(LiveFollower::new(live.clone()));
    (live, Running::start(&ground.platform, work))
}

/// The follower begins at the end of the outbox: a test has to know that it did.
async fn in_step(ground: &Ground, subscription: &mut Subscription) {
    let clerk = ground.clerk();
    loop {
        document(ground, &clerk, Secrecy::Normal);
        if tokio::time::timeout(Duration::from_millis(200), subscription.next()).await.is_ok() {
            break;
        }
    }
    while tokio::time::timeout(Duration::from_millis(300), subscription.next()).await.is_ok() {}
}

#[test]
fn people_learn_of_their_records_and_notifications() {
    both_async(async |db: TestDb| {
        let ground = Ground::on(db);
        let (live, _running) = follow(&ground);
        let clerk = ground.clerk();
        let mut tab = live.subscribe(clerk.clone());
        let mut stranger = live.subscribe(ground.world.moh.actor(&ground.platform.db, "clerk"));
        in_step(&ground, &mut tab).await;

        let id = document(&ground, &clerk, Secrecy::Normal);
        let event = next(&mut tab).await;
        assert_eq!(event.kind, LiveKind::Record);
        let changed: RecordChanged = serde_json::from_str(&event.data).unwrap();
        assert_eq!((changed.id, changed.version), (id, 1));
        assert_eq!(next(&mut tab).await.kind, LiveKind::Work);

        ground.tell_clerk(id);
        let event = next(&mut tab).await;
        assert_eq!(event.kind, LiveKind::Notification);
        let told: NotificationView = serde_json::from_str(&event.data).unwrap();
        assert_eq!((told.kind.as_str(), told.args["from"].as_str()), ("letter_received", "MODEE"));
        assert_eq!(told.record.map(|record| record.subject), Some("كشف الموازنة".to_owned()));
        nothing(&mut stranger).await;
    });
}

#[test]
fn a_browser_that_was_away_learns_what_it_missed() {
    both_async(async |db: TestDb| {
        let ground = Ground::on(db);
        let clerk = ground.clerk();
        let from = ground.platform.db.outbox_head().unwrap();
        let first = document(&ground, &clerk, Secrecy::Normal);
        let second = document(&ground, &clerk, Secrecy::Normal);
        seen(&ground, from, 2);
        let missed = Live::missed(&ground.platform, clerk.clone(), from).await.unwrap();
        let ids = |events: &[LiveEvent]| -> Vec<i64> {
            let records = events.iter().filter(|event| event.kind == LiveKind::Record);
            records.map(|event| serde_json::from_str::<RecordChanged>(&event.data).unwrap().id).collect()
        };
        assert_eq!(ids(&missed), [first, second]);
        let after_first = missed[0].position.unwrap();
        let rest = Live::missed(&ground.platform, clerk.clone(), after_first).await.unwrap();
        assert_eq!(ids(&rest), [second]);
        let stranger = ground.world.moh.actor(&ground.platform.db, "clerk");
        assert_eq!(Live::missed(&ground.platform, stranger, from).await.unwrap(), []);

        for _ in 0..500 {
            document(&ground, &clerk, Secrecy::Normal);
        }
        seen(&ground, from, 502);
        let much = Live::missed(&ground.platform, clerk, from).await.unwrap();
        assert_eq!(much, [LiveEvent::bare(LiveKind::Reset)]);
    });
}

#[test]
fn a_stopped_node_and_a_slow_browser_end_their_streams() {
    both_async(async |db: TestDb| {
        let ground = Ground::on(db);
        let live = Live::default();
        let clerk = ground.clerk();
        let (mut tab, mut slow) = (live.subscribe(clerk.clone()), live.subscribe(clerk.clone()));
        for _ in 0..1000 {
            live.tell(clerk.user_id, &LiveEvent::bare(LiveKind::Work));
            next(&mut tab).await;
        }
        let mut told = 0;
        while slow.next().await.is_some() {
            told += 1;
        }
        assert!((1..1000).contains(&told), "cut off after {told}");
        live.stop();
        assert_eq!(tab.next().await, None);
        assert_eq!(live.subscribe(clerk).next().await, None);
    });
}

/// The rule in memory is the rule in SQL.
#[test]
fn nobody_is_told_of_a_record_they_cannot_open() {
    both(|db| {
        let ground = Ground::on(db);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let from = ground.platform.db.outbox_head().unwrap();
        let (world, database) = (&ground.world, &ground.platform.db);
        let mut ids = Vec::new();
        for author in ["clerk", "staff", "sg"] {
            for secrecy in Secrecy::ALL {
                ids.push(document(&ground, &world.mof.actor(database, author), *secrecy));
            }
        }
        let closed = document(&ground, &ground.clerk(), Secrecy::Normal);
        ground.write("test.caveat", |tx| {
            records::set_caveats(tx, closed, &[diwan_kernel::Caveat::Personal])?;
            access::grant(tx, closed, &[diwan_platform::actor::agency(world.moh.id)])?;
            Ok(tx.audit(diwan_db::Audit::of_record(closed))?)
        });
        ids.push(closed);
        seen(&ground, from, ids.len());
        let mut told_of = 0;
        for (agency, name) in [(&world.mof, "sg"), (&world.mof, "staff"), (&world.mof, "director"), (&world.moh, "sg")]
        {
            let actor: Actor = agency.actor(database, name);
            let visible = database.read_now(|tx| records::store::load_visible_many(tx, &actor, &ids)).unwrap();
            let mut visible: Vec<i64> = visible.into_iter().map(|row| row.id).collect();
            visible.sort_unstable();
            let events = runtime.block_on(Live::missed(&ground.platform, actor, from)).unwrap();
            let mut told: Vec<i64> = events
                .iter()
                .filter(|event| event.kind == LiveKind::Record)
                .map(|event| serde_json::from_str::<RecordChanged>(&event.data).unwrap().id)
                .collect();
            told.sort_unstable();
            assert_eq!(told, visible, "{name}");
            told_of += told.len();
        }
        assert!(told_of > 0, "the test must show something to somebody");
    });
}
