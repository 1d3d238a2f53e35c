//! A real process: what holds only there.

use diwan_archive_api::SearchAnswer;
use diwan_kernel::Problem;
use diwan_platform::people::Passwords;
use diwan_tarasol_api::LetterStep;
use diwan_testkit::{TestDb, World, both, wait_until};
use diwan_tests::{Server, encode, letter};

const PASSWORD: &str = "زيتون-اخضر-2026";

/// A government on the database, whose clerk can sign in.
fn world(db: &TestDb) -> World {
    use diesel::prelude::*;
    use diwan_schema::platform::users;
    let world = World::on(&db.db());
    let hash = Passwords::new(64, 1).hash_now(PASSWORD).unwrap();
    let set = |tx: &mut diwan_db::WriteTx<'_>| {
        let clerk = users::table.find(world.modee.users["clerk"]);
        Ok::<_, diwan_db::DbError>(diesel::update(clerk).set(users::password_hash.eq(&hash)).execute(tx.conn())?)
    };
    db.db().upkeep("test.password", set).unwrap();
    world
}

#[test]
fn a_kill_between_commit_and_index_is_healed_at_the_next_start() {
    both(|db| {
        let world = world(&db);
        let data = tempfile::tempdir().unwrap();
        let mut server = Server::start(&db, data.path());
        server.log_in("clerk.modee", PASSWORD);
        for n in 0..5 {
            let new = letter(world.mof.id, &format!("كتاب الزمرد رقم {n}"));
            server.post("/api/letters", &new).json::<LetterStep>(201);
        }
        // The index is written once a second at most: it has not heard of the last ones.
        server.kill();
        let mut server = Server::start(&db, data.path());
        server.log_in("clerk.modee", PASSWORD);
        let found = || server.get(&format!("/api/search?q={}", encode("الزمرد"))).json::<SearchAnswer>(200).total;
        wait_until("every letter is found", || (found() == 5).then_some(()));
        assert_eq!(server.get("/readyz").status, 200);
    });
}

/// On PostgreSQL with the rights that `diwan migrate --grant-to` gives: start, sign in, write, number, work after commit.
#[test]
fn who_serves_owns_nothing_of_the_database() {
    both(|db| {
        let world = world(&db);
        let db = db.served();
        let data = tempfile::tempdir().unwrap();
        let mut server = Server::start(&db, data.path());
        server.log_in("clerk.modee", PASSWORD);
        server.post("/api/letters", &letter(world.mof.id, "كتاب الياقوت")).json::<LetterStep>(201);
        let found = || server.get(&format!("/api/search?q={}", encode("الياقوت"))).json::<SearchAnswer>(200).total;
        wait_until("the letter is found", || (found() == 1).then_some(()));
        wait_until("the trail is sealed", || db.db().verify_audit(0).unwrap().late.is_none().then_some(()));
    });
}

#[test]
fn an_upload_over_the_limit_is_refused_and_never_held_in_memory() {
    const SIZE: usize = 100 << 20;
    both(|db| {
        world(&db);
        let data = tempfile::tempdir().unwrap();
        let mut server = Server::start(&db, data.path());
        server.log_in("clerk.modee", PASSWORD);
        let new = diwan_tests::document("كبير");
        let head = format!(
            "--XXX\r\ncontent-disposition: form-data; name=\"document\"\r\n\r\n{}\r\n--XXX\r\n\
             content-disposition: form-data; name=\"files\"; filename=\"big.bin\"\r\n\r\n",
            serde_json::to_string(&new).unwrap()
        );
        let tail = "\r\n--XXX--\r\n";
        let before = server.peak_kib();
        let kind = "multipart/form-data; boundary=XXX";
        let reply = server.stream("POST", "/api/documents", kind, head.len() + SIZE + tail.len(), |out| {
            use std::io::Write;
            out.write_all(head.as_bytes()).unwrap();
            let piece = vec![7_u8; 1 << 20];
            for _ in 0..SIZE / piece.len() {
                out.write_all(&piece).unwrap();
            }
            out.write_all(tail.as_bytes()).unwrap();
        });
        let told: Problem = reply.json(413);
        assert_eq!((told.code.as_str(), told.args["limit"].as_str()), ("too_large", "67108864"));
        let grown = server.peak_kib() - before;
        assert!(grown < 48 << 10, "the process grew by {grown} KiB for an upload of 100 MiB");
        let incoming = data.path().join("files/incoming");
        wait_until("nothing is left of it", || {
            let left = std::fs::read_dir(&incoming).map_or(0, |files| files.count());
            (left == 0).then_some(())
        });
    });
}
