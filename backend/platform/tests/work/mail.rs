//! E-mail copies: a server that is down delays them, nothing loses or doubles them.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

use chrono::Duration;
use diesel::prelude::*;
use diwan_db::OutboxPosition;
use diwan_kernel::{PageRequest, Permission, Secrecy};
use diwan_mail::Mailer;
use diwan_platform::{
    records::notify::NOTIFIED,
    work::{Work, mail, queue},
};
use diwan_platform_api::work::{JobState, JobView, MarkRead};
use diwan_schema::platform::users;
use diwan_testkit::{TestDb, both, wait_until};

use super::{Ground, Running, document};

fn ground(db: TestDb) -> Ground {
    let ground = Ground::on(db);
    let clerk = ground.clerk().user_id;
    ground
        .platform
        .db
        .upkeep::<_, diwan_db::DbError>("test.email", |tx| {
            let address = users::email.eq("clerk@mof.gov.example");
            diesel::update(users::table.find(clerk)).set(address).execute(tx.conn())?;
            Ok(())
        })
        .unwrap();
    ground
}

/// A node that sends copies to this port.
fn node(ground: &Ground, port: u16) -> Running {
    let mut work = Work::default();
    let mailer = Mailer::new(&format!("smtp://127.0.0.1:{port}"), "Diwan <diwan@gov.example>").unwrap();
    mail::register(&mut work, mailer, "https://diwan.example".to_owned());
    Running::start(&ground.platform, work)
}

/// Takes every mail that comes and passes it on.
fn serve(listener: TcpListener) -> mpsc::Receiver<String> {
    let (taken, mails) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let taken = taken.clone();
            std::thread::spawn(move || talk(stream, &taken));
        }
    });
    mails
}

fn talk(stream: TcpStream, taken: &mpsc::Sender<String>) {
    let mut out = stream.try_clone().unwrap();
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let mut say = |text: &str| out.write_all(format!("{text}\r\n").as_bytes()).is_ok();
    say("220 test");
    while let Some(line) = lines.next() {
        if line == "DATA" {
            say("354 go on");
            let mail: Vec<String> = lines.by_ref().take_while(|line| line != ".").collect();
            // The test may be over.
            let _over = taken.send(mail.join("\n"));
        }
        if !say("250 ok") {
            return;
        }
    }
}

fn jobs(ground: &Ground) -> Vec<JobView> {
    let mut actor = ground.clerk();
    actor.permissions.insert(Permission::JobsManage);
    ground.platform.db.read_now(|tx| queue::list(tx, &actor, None, &PageRequest::default())).unwrap().items
}

/// The follower begins at the end of the outbox: wait until it has.
fn started(ground: &Ground) {
    use diwan_schema::platform::follower_positions::dsl as f;
    wait_until("the mail follower has its position", || {
        let known = ground.platform.db.read_now::<_, diwan_db::DbError>(|tx| {
            Ok(f::follower_positions.find("mail").select(f::name).first::<String>(tx.conn()).optional()?)
        });
        known.unwrap()
    });
}

#[test]
fn a_mail_waits_for_a_server_that_is_down() {
    both(|db| {
        let ground = ground(db);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let _running = node(&ground, port);
        started(&ground);
        let id = document(&ground, &ground.clerk(), Secrecy::Normal);
        ground.tell_clerk(id);
        let failed = wait_until("the failure shows", || jobs(&ground).pop().filter(|job| job.last_error.is_some()));
        assert_eq!((failed.kind.as_str(), failed.state), (mail::JOB, JobState::Waiting));
        assert!(failed.last_error.is_some_and(|why| why.contains("not available")));

        let mails = serve(TcpListener::bind(("127.0.0.1", port)).unwrap());
        ground.db.clock().advance(Duration::minutes(1));
        let mail = mails.recv_timeout(std::time::Duration::from_secs(10)).unwrap();
        assert!(mail.contains("To: clerk@mof.gov.example"), "{mail}");
        wait_until("the job is gone", || jobs(&ground).is_empty().then_some(()));
    });
}

#[test]
fn two_nodes_send_one_mail_each() {
    both(|db| {
        let ground = ground(db);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let mails = serve(listener);
        let (_one, _other) = (node(&ground, port), node(&ground, port));
        started(&ground);
        let id = document(&ground, &ground.clerk(), Secrecy::Normal);
        for _ in 0..10 {
            ground.tell_clerk(id);
        }
        for _ in 0..10 {
            mails.recv_timeout(std::time::Duration::from_secs(10)).unwrap();
        }
        wait_until("the jobs are gone", || jobs(&ground).is_empty().then_some(()));
        let more = mails.recv_timeout(std::time::Duration::from_millis(1500));
        assert!(more.is_err(), "{more:?}");
    });
}

#[test]
fn what_was_read_is_not_mailed_and_nothing_is_mailed_later_that_was_told_without_mail() {
    both(|db| {
        let ground = ground(db);
        let id = document(&ground, &ground.clerk(), Secrecy::Normal);
        // Mail is off.
        mail::switched_off(&ground.platform).unwrap();
        ground.tell_clerk(id);
        // On PostgreSQL a row is followed once every older transaction of the server has ended.
        wait_until("what was told is followed", || {
            let (rows, _) = ground.platform.db.outbox_after(OutboxPosition::default(), 10).unwrap();
            rows.iter().any(|row| row.topic == NOTIFIED).then_some(())
        });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let _running = node(&ground, port);
        started(&ground);
        ground.tell_clerk(id);
        let failed = wait_until("the failure shows", || jobs(&ground).pop().filter(|job| job.last_error.is_some()));
        assert_eq!(jobs(&ground).len(), 1, "only what was told since mail is on");
        // The clerk reads it in Diwan, and the server is up again.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let read = MarkRead { ids: Vec::new(), up_to: Some(i64::MAX) };
        runtime
            .block_on(diwan_platform::work::notifications::mark_read(&ground.platform, &ground.clerk(), read))
            .unwrap();
        let mails = serve(TcpListener::bind(("127.0.0.1", port)).unwrap());
        ground.db.clock().advance(Duration::minutes(1));
        wait_until("the job is gone", || jobs(&ground).iter().all(|job| job.id != failed.id).then_some(()));
        assert!(mails.try_recv().is_err());
    });
}
