//! Work after commit, on both databases.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what a test stands on fails by panicking")]

mod drafts;
mod jobs;
mod live;
mod mail;
mod once;
mod outbox;

use diwan_db::Audit;
use diwan_kernel::{Priority, Secrecy};
use diwan_platform::{
    Actor, Limits, Outcome, Platform, Refusal, Secrets,
    files::BlobStore,
    records::{self, CHANGED, NewRecord, notify},
    work::{Background, Keep, Threads, Work},
};
use diwan_platform_api::records::RecordKind;
use diwan_testkit::{TestDb, World};

/// A platform with people on it.
struct Ground {
    db: TestDb,
    platform: Platform,
    world: World,
}

impl Ground {
    fn on(db: TestDb) -> Self {
        let platform = platform(&db);
        let world = World::on(&platform.db);
        Self { db, platform, world }
    }

    fn clerk(&self) -> Actor {
        self.world.mof.actor(&self.platform.db, "clerk")
    }

    /// Tells the clerk of the Ministry of Finance something about a record.
    fn tell_clerk(&self, record_id: i64) {
        let clerk = self.clerk();
        self.write("test.tell", move |tx| {
            tx.audit(Audit::of_record(record_id))?;
            notify::tell(tx, [clerk.user_id], "letter_received", record_id, &serde_json::json!({ "from": "MODEE" }))
        });
    }

    fn write<T>(&self, op: &'static str, work: impl FnOnce(&mut diwan_db::WriteTx<'_>) -> Outcome<T>) -> T {
        self.platform.db.write_now(self.clerk().who(), op, work).unwrap()
    }
}

fn platform(db: &TestDb) -> Platform {
    Platform::new(db.db(), BlobStore::in_memory(), Limits::default(), Secrets::from_key([7; 32]))
}

/// Runs the background until the value is dropped.
struct Running(Option<Background>);

impl Running {
    fn start(platform: &Platform, work: Work) -> Self {
        Self(Some(work.start(platform, Threads(2), Keep { outbox_days: 7, drafts_days: 60 })))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(background) = self.0.take() {
            background.stop(std::time::Duration::from_secs(5));
        }
    }
}

/// A document of the actor's agency that the actor and their unit can see.
fn document(ground: &Ground, actor: &Actor, secrecy: Secrecy) -> i64 {
    let new = NewRecord {
        agency_id: actor.agency_id,
        unit_id: actor.units().next(),
        kind: RecordKind::Document,
        subject: "كشف الموازنة".to_owned(),
        party: String::new(),
        state: "filed",
        secrecy,
        caveats: Vec::new(),
        priority: Priority::Normal,
        due_on: None,
        class_code: None,
        created_by: actor.user_id,
    };
    let written = ground.platform.db.write_now(actor.who(), "test.document", |tx| {
        let id = records::create(tx, &new)?;
        tx.audit(Audit::of_record(id))?;
        tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
        Ok::<_, Refusal>(id)
    });
    written.unwrap()
}
