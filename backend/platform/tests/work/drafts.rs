//! Drafts are one's own, the last write wins, and there is a limit to everything.

use diwan_platform::{Refusal, work::drafts};
use diwan_platform_api::work::DRAFT_MAX_BYTES;
use diwan_testkit::{TestDb, both_async};

use super::Ground;

#[test]
fn the_last_write_wins_and_others_see_nothing() {
    both_async(async |db: TestDb| {
        let ground = Ground::on(db);
        let (clerk, other) = (ground.clerk(), ground.world.moh.actor(&ground.platform.db, "clerk"));
        let platform = &ground.platform;
        drafts::put(platform, &clerk, "letter:new".into(), "أول".into()).await.unwrap();
        ground.db.clock().advance(chrono::Duration::seconds(3));
        let kept = drafts::put(platform, &clerk, "letter:new".into(), "ثان".into()).await.unwrap();
        drafts::put(platform, &other, "letter:new".into(), "x".into()).await.unwrap();

        let read = platform.db.read_now(|tx| drafts::get(tx, &clerk, "letter:new")).unwrap();
        assert_eq!((read.body.as_str(), read.updated_at), ("ثان", kept.updated_at));
        assert_eq!(platform.db.read_now(|tx| drafts::list(tx, &clerk)).unwrap().len(), 1);

        drafts::delete(platform, &clerk, "letter:new".into()).await.unwrap();
        drafts::delete(platform, &clerk, "letter:new".into()).await.unwrap();
        let gone = platform.db.read_now(|tx| drafts::get(tx, &clerk, "letter:new"));
        assert!(matches!(gone, Err(Refusal::NotFound("draft"))), "{gone:?}");
        assert!(platform.db.read_now(|tx| drafts::get(tx, &other, "letter:new")).is_ok());
    });
}

#[test]
fn what_is_too_large_or_badly_named_is_refused() {
    both_async(async |db: TestDb| {
        let ground = Ground::on(db);
        let clerk = ground.clerk();
        let refused = drafts::put(&ground.platform, &clerk, "a b".into(), "x".repeat(DRAFT_MAX_BYTES + 1)).await;
        let Err(Refusal::Invalid(fields)) = refused else { panic!("{refused:?}") };
        let codes: Vec<_> = fields.iter().map(|f| (f.field.as_str(), f.code.as_str())).collect();
        assert_eq!(codes, [("key", "wrong_format"), ("body", "too_long")]);
        drafts::put(&ground.platform, &clerk, "k".into(), "x".repeat(DRAFT_MAX_BYTES)).await.unwrap();
    });
}

#[test]
fn the_oldest_drafts_make_room() {
    both_async(async |db: TestDb| {
        let ground = Ground::on(db);
        let clerk = ground.clerk();
        for number in 0..203 {
            ground.db.clock().advance(chrono::Duration::seconds(1));
            drafts::put(&ground.platform, &clerk, format!("k{number}"), String::new()).await.unwrap();
        }
        let left = ground.platform.db.read_now(|tx| drafts::list(tx, &clerk)).unwrap();
        assert_eq!((left.len(), left[0].key.as_str(), left[199].key.as_str()), (200, "k202", "k3"));
    });
}
