//! The operator's commands as an operator runs them: as processes, on both databases.

#![expect(clippy::unwrap_used, reason = "what a test stands on fails by panicking")]

use std::{
    io::Write,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use diesel::{dsl::sql, prelude::*, sql_types::BigInt};
use diwan_db::{Audit, Backend, Db, DbError, DbUrl, LeasedJob, NewJob, WriteTx};
use diwan_extract::Sniffed;
use diwan_finance_api::PeriodState;
use diwan_kernel::{Permission, Who};
use diwan_platform::{Outcome, files::Stored, people::Passwords, records::seals, secrets::Secrets};
use diwan_schema::platform::{audit_entries, jobs, users};
use diwan_testkit::{TestDb, World, both, give_right};

/// A data folder beside a test database.
struct Place {
    test: TestDb,
    folder: tempfile::TempDir,
}

impl Place {
    fn new(test: TestDb) -> Self {
        Self { test, folder: tempfile::tempdir().unwrap() }
    }

    fn db(&self) -> Db {
        self.test.db()
    }

    fn url(&self) -> String {
        address(self.test.url())
    }

    /// Runs `diwan` with these words, and with `input` on its standard input.
    fn run(&self, words: &[&str], input: &str) -> Answer {
        diwan(words, input, &[("DIWAN_DATA", self.folder.path().to_str().unwrap()), ("DIWAN_DATABASE", &self.url())])
    }

    fn audited(&self, op: &str) -> i64 {
        self.db()
            .read_now(|tx| {
                let entries = audit_entries::table.filter(audit_entries::op.eq(op));
                Ok::<i64, DbError>(entries.count().get_result(tx.conn())?)
            })
            .unwrap()
    }
}

fn address(url: &DbUrl) -> String {
    match url {
        DbUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DbUrl::Postgres(url) => url.clone(),
    }
}

struct Answer {
    good: bool,
    out: String,
    err: String,
}

impl Answer {
    #[track_caller]
    fn ok(self) -> String {
        assert!(self.good, "{}{}", self.out, self.err);
        self.out
    }

    #[track_caller]
    fn refused(self) -> String {
        assert!(!self.good, "{}", self.out);
        self.err
    }
}

fn diwan(words: &[&str], input: &str, settings: &[(&str, &str)]) -> Answer {
    let mut child = Command::new(env!("CARGO_BIN_EXE_diwan"))
        .args(words)
        .env_clear()
        .envs(settings.iter().copied())
        .env("DIWAN_LOG", "warn")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that asks nothing may have closed its end.
    let _closed = child.stdin.take().unwrap().write_all(input.as_bytes());
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    Answer { good: status.success(), out: String::from_utf8(stdout).unwrap(), err: String::from_utf8(stderr).unwrap() }
}

/// Password hash, and whether a new password has to be chosen.
fn stored(db: &Db, username: &str) -> (String, bool) {
    db.read_now(|tx| {
        let one = users::table.filter(users::username.eq(username));
        Ok::<_, DbError>(one.select((users::password_hash, users::must_change)).first(tx.conn())?)
    })
    .unwrap()
}

fn fits(password: &str, hash: String) -> bool {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(Passwords::new(64, 1).verify(password.to_owned(), Some(hash))).unwrap()
}

#[test]
fn help_names_every_command() {
    let help = diwan(&["--help"], "", &[]).ok();
    for command in
        ["serve", "demo", "migrate", "user", "verify", "verify-books", "copy-db", "reindex", "jobs", "settings"]
    {
        assert!(help.contains(&format!("  {command} ")), "{command} is not in:\n{help}");
    }
    for (words, expected) in [
        (["user", "--help"], "reset-password"),
        (["migrate", "--help"], "WITH THE DATA"),
        (["jobs", "--help"], "retry"),
        (["copy-db", "--help"], "--dry-run"),
    ] {
        assert!(diwan(&words, "", &[]).ok().contains(expected), "{words:?}");
    }
}

#[test]
fn the_first_administrator_is_made_once_with_a_password_that_was_typed() {
    both(|test| {
        let place = Place::new(test);
        let new = ["user", "create-admin", "--username", "Admin", "--name-ar", "مدير النظام", "--agency", "MODEE"];
        let refused = place.run(&new, "tall olive tree\n").refused();
        assert!(refused.contains("--agency: there is no agency of that code"), "{refused}");

        let with_agency = [&new[..], &["--agency-ar", "وزارة الاقتصاد الرقمي"]].concat();
        let refused = place.run(&with_agency, "short\n").refused();
        assert!(refused.contains("at least 10 characters"), "{refused}");
        let told = place.run(&with_agency, "tall olive tree\n").ok();
        assert!(!told.contains("tall olive tree"), "{told}");

        let (hash, must_change) = stored(&place.db(), "admin");
        assert!(fits("tall olive tree", hash));
        assert!(!must_change, "it was the administrator who typed it");
        assert!(place.audited("platform.user.create_admin") >= 2);

        let refused = place.run(&with_agency, "").refused();
        assert!(refused.contains("somebody has that name"), "{refused}");
    });
}

#[test]
fn a_password_is_made_up_where_none_is_typed() {
    both(|test| {
        let place = Place::new(test);
        World::on(&place.db());
        let told = place.run(&["user", "reset-password", "--username", "clerk.mof"], "").ok();
        let password = told.trim_end().rsplit(' ').next().unwrap();
        let (hash, must_change) = stored(&place.db(), "clerk.mof");
        assert!(fits(password, hash) && must_change, "{told}");
        assert_eq!(place.audited("platform.user.recover"), 1);

        let refused = place.run(&["user", "reset-password", "--username", "nobody"], "").refused();
        assert!(refused.contains("--username: there is no user of that name"), "{refused}");
    });
}

#[test]
fn somebody_locked_out_is_let_in() {
    both(|test| {
        let place = Place::new(test);
        World::on(&place.db());
        place.run(&["user", "unlock", "--username", "clerk.mof"], "").ok();
        assert_eq!(place.audited("platform.user.unlock"), 1);
        place.run(&["user", "unlock", "--username", "nobody"], "").refused();
    });
}

#[test]
fn migrations_are_shown_taken_back_and_run() {
    both(|test| {
        let place = Place::new(test);
        let shown = place.run(&["migrate", "status"], "").ok();
        assert!(shown.contains("0 migration(s) to run") && shown.contains("_platform_people_and_spine"), "{shown}");

        assert!(place.run(&["migrate", "down", "2"], "").ok().contains("2 migration(s) taken back"));
        assert!(place.run(&["migrate", "status"], "").ok().contains("2 migration(s) to run"));
        let refused = place.run(&["verify"], "").refused();
        assert!(refused.contains("run `diwan migrate` first"), "{refused}");

        assert!(place.run(&["migrate"], "").ok().contains("2 migration(s) run"));
        assert!(place.run(&["migrate", "up"], "").ok().contains("0 migration(s) run"));
        assert!(!place.run(&["migrate", "down", "0"], "").good);
    });
}

#[test]
fn the_owner_gives_who_serves_the_rights_and_runs_the_migrations() {
    both(|test| {
        let owner = address(test.url());
        let place = Place::new(test.served());
        if place.test.backend() == Backend::Sqlite {
            assert!(place.run(&["migrate", "--grant-to", "x"], "").refused().contains("SQLite has no roles"));
            return;
        }
        let url = place.url();
        let role = url.split("://").nth(1).unwrap().split(':').next().unwrap();
        let folder = place.folder.path().to_str().unwrap();
        let by_owner = |words: &[&str]| diwan(words, "", &[("DIWAN_DATA", folder), ("DIWAN_DATABASE", &owner)]);
        assert!(by_owner(&["migrate", "--grant-to", role]).ok().contains(&format!("{role} may serve")));
        assert!(by_owner(&["migrate", "--grant-to", "nobody_at_all"]).refused().contains("CREATE ROLE nobody_at_all"));
        assert!(by_owner(&["migrate", "status", "--grant-to", role]).refused().contains("--grant-to goes with"));
        assert!(place.run(&["migrate", "--grant-to", role], "").refused().contains("address of its owner"));

        by_owner(&["migrate", "down"]).ok();
        for words in [&["serve", "--port", "0"][..], &["migrate"]] {
            let refused = place.run(words, "").refused();
            assert!(refused.contains(&format!("run `diwan migrate --grant-to {role}`")), "{words:?}: {refused}");
        }
        assert!(by_owner(&["migrate", "up", "--grant-to", role]).ok().contains("1 migration(s) run"));
        place.run(&["verify"], "").ok();
    });
}

#[test]
fn a_mistyped_folder_makes_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let data: PathBuf = folder.path().join("nothing");
    for words in [&["verify"][..], &["migrate", "status"], &["jobs", "list"], &["reindex"]] {
        let refused = diwan(words, "", &[("DIWAN_DATA", data.to_str().unwrap())]).refused();
        assert!(refused.contains("there is no database"), "{words:?}: {refused}");
    }
    assert!(!data.exists());
}

#[test]
fn verify_prints_the_head_of_every_chain() {
    both(|test| {
        let place = Place::new(test);
        World::on(&place.db());
        assert!(place.db().seal_audit(1000).unwrap() > 0);
        let head: String = place
            .db()
            .read_now(|tx| {
                let last = "SELECT hash FROM audit_seals WHERE chain_id = 0 ORDER BY seq DESC LIMIT 1";
                Ok::<_, DbError>(
                    diesel::select(sql::<diesel::sql_types::Text>(&format!("({last})"))).get_result(tx.conn())?,
                )
            })
            .unwrap();
        let told = place.run(&["verify"], "").ok();
        assert!(told.contains(&head) && told.contains("the audit trail is whole"), "{told}");
    });
}

#[test]
fn jobs_that_were_set_aside_are_shown_and_run_again() {
    both(|test| {
        let place = Place::new(test);
        let db = place.db();
        db.write_now(Who::system(), "test.job", |tx| {
            tx.enqueue(NewJob::new("print", serde_json::json!({ "record": 7 })).max_attempts(1))?;
            tx.audit(diwan_db::Audit::of("job", 0))
        })
        .unwrap();
        let leased: Vec<LeasedJob> = db.lease_jobs("worker", &["print"], 1, 60).unwrap();
        db.fail(&leased[0], "the printer\nis on fire").unwrap();
        let id = leased[0].id.to_string();

        let shown = place.run(&["jobs", "list"], "").ok();
        assert!(shown.contains("the printer") && shown.contains("1/1") && shown.contains("1 job(s)"), "{shown}");
        assert!(place.run(&["jobs", "list", "--state", "waiting"], "").ok().contains("0 job(s)"));
        let refused = place.run(&["jobs", "retry", "987654"], "").refused();
        assert!(refused.contains("there is no job 987654"), "{refused}");
        place.run(&["jobs", "retry"], "").refused();

        place.run(&["jobs", "retry", &id], "").ok();
        let state =
            || db.read_now(|tx| Ok::<String, DbError>(jobs::table.select(jobs::state).first(tx.conn())?)).unwrap();
        assert_eq!(state(), "ready");
        assert_eq!(place.audited("platform.job.retry"), 1);
        assert!(place.run(&["jobs", "retry", "--all"], "").ok().contains("0 job(s)"));
    });
}

#[test]
fn the_index_is_built_anew() {
    both(|test| {
        let place = Place::new(test);
        World::on(&place.db());
        let told = place.run(&["reindex"], "").ok();
        assert!(told.contains("is new: 0 entries"), "{told}");
        assert!(place.folder.path().join("index/current").exists());
    });
}

#[test]
fn an_installation_moves_to_postgres() {
    let source = Place::new(TestDb::sqlite());
    World::on(&source.db());
    source.db().seal_audit(1000).unwrap();
    let target = TestDb::empty(Backend::Postgres);
    let to = address(target.url());
    let people = |db: &Db| {
        db.read_now(|tx| {
            Ok::<i64, DbError>(diesel::select(sql::<BigInt>("(SELECT COUNT(*) FROM users)")).get_result(tx.conn())?)
        })
    };

    let told = source.run(&["copy-db", "--from", &source.url(), "--to", &to, "--dry-run"], "").ok();
    assert!(told.contains("dry run") && told.contains("audit chains"), "{told}");
    assert!(people(&target.db()).is_err(), "the target is as it was");

    let told = source.run(&["copy-db", "--to", &to], "").ok();
    assert!(told.contains("copied") && told.contains("users"), "{told}");
    assert_eq!(people(&target.db()).unwrap(), people(&source.db()).unwrap());

    let refused = source.run(&["copy-db", "--to", &to], "").refused();
    assert!(refused.contains("the target is not empty"), "{refused}");
    let refused = source.run(&["copy-db", "--from", &to, "--to", &source.url()], "").refused();
    assert!(refused.contains("copying goes from sqlite:PATH to postgres://"), "{refused}");
}

/// The sealed book of an empty January.
fn sealed_book(db: &Db) -> Vec<u8> {
    use diwan_finance::{
        closing::book,
        structure::{periods, years},
    };
    let world = World::on(db);
    for right in [Permission::FinanceRead, Permission::FinanceClose, Permission::FinanceAuthorise] {
        give_right(db, world.mof.users["director"], right);
    }
    let (actor, secrets) = (world.mof.actor(db, "director"), Secrets::from_key([7; 32]));
    let write = |run: &dyn Fn(&mut WriteTx<'_>) -> Outcome<i64>| db.write_now(actor.who(), "test.seal", |tx| run(tx));
    let january = write(&|tx| Ok(years::create(tx, &actor, 2026)?.periods[0].id)).unwrap();
    write(&|tx| Ok(periods::close(tx, &actor, january, 1, PeriodState::Closed)?.id)).unwrap();
    write(&|tx| {
        let (key, _) = seals::ensure_key(tx, &secrets, actor.agency_id)?;
        tx.audit(Audit::of("agency", actor.agency_id))?;
        Ok(key)
    })
    .unwrap();
    let built = db.read_now(|tx| book::build(tx, &actor, january, 2)).unwrap();
    let sniffed = Sniffed { media_type: "text/plain".into(), extension: "jsonl".into(), matches_name: true };
    let stored = Stored { hash: "ab".repeat(32), size: built.bytes.len() as u64, sniffed };
    write(&|tx| Ok(book::seal(tx, &secrets, &actor, january, (&built, &stored))?.id)).unwrap();
    let (_, seal) = db.read_now(|tx| book::file(tx, &actor, january)).unwrap();
    [built.bytes, seal.into_bytes(), b"\n".to_vec()].concat()
}

#[test]
fn a_sealed_book_is_checked_without_a_database() {
    both(|test| {
        let place = Place::new(test);
        let book = sealed_book(&place.db());
        let file = place.folder.path().join("book-2026-01.jsonl");
        std::fs::write(&file, &book).unwrap();
        let name = file.to_str().unwrap();
        let told = diwan(&["verify-books", name], "", &[]).ok();
        assert!(
            told.contains("2026/1") && told.contains("the first one") && told.contains("1 of 1 book(s) whole"),
            "{told}"
        );
        let root: String =
            String::from_utf8(book.clone()).unwrap().split("\"root\":\"").nth(1).unwrap().chars().take(64).collect();
        assert!(told.contains(&root), "{told}");

        let other = place.folder.path().join("key.pem");
        std::fs::write(&other, "-----BEGIN PUBLIC KEY-----").unwrap();
        let told = diwan(&["verify-books", "--key", other.to_str().unwrap(), name], "", &[]);
        assert!(!told.good && told.out.contains("another key"), "{}", told.out);
        let mut changed = book;
        let at = changed.len() / 2;
        changed[at] ^= 1;
        std::fs::write(&file, &changed).unwrap();
        let told = diwan(&["verify-books", name], "", &[]);
        assert!(!told.good && told.out.contains("BROKEN"), "{}", told.out);
        let gone = place.folder.path().join("none.jsonl");
        assert!(diwan(&["verify-books", gone.to_str().unwrap()], "", &[]).refused().contains("none.jsonl"));
    });
}
