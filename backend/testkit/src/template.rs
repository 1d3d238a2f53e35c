//! Databases that are migrated once and copied for each test. They carry the name of the set of migrations, so that
//! builds with other migrations do not disturb each other.

use std::{
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
    time::Duration,
};

use diesel::{
    Connection, PgConnection, RunQueryDsl, SqliteConnection, connection::SimpleConnection, dsl::sql, sql_types::BigInt,
};
use diwan_db::{Db, DbConfig, DbUrl, SCHEMA_DIGEST};

use crate::{
    fault::{Fault, at, base},
    server::url_of,
};

/// The migrated SQLite file to copy.
pub(crate) fn sqlite() -> Result<PathBuf, Fault> {
    let base = base()?;
    let ready = base.join(format!("template-{SCHEMA_DIGEST}.db"));
    if ready.exists() {
        return Ok(ready);
    }
    let lock_path = base.join("template.lock");
    let lock = OpenOptions::new().create(true).append(true).open(&lock_path).map_err(at(lock_path.display()))?;
    lock.lock().map_err(at("lock"))?;
    if !ready.exists() {
        let folder = tempfile::tempdir_in(&base).map_err(at(base.display()))?;
        let (fresh, packed) = (folder.path().join("fresh.db"), folder.path().join("packed.db"));
        migrate(DbUrl::Sqlite(fresh.clone()))?;
        // One file without a log beside it.
        let mut connection = SqliteConnection::establish(&fresh.to_string_lossy()).map_err(at(fresh.display()))?;
        connection.batch_execute(&format!("VACUUM INTO '{}'", packed.display())).map_err(at("VACUUM"))?;
        fs::rename(&packed, &ready).map_err(at(ready.display()))?;
        forget_old(&base);
    }
    Ok(ready)
}

/// Removes the templates of builds that nobody has made for a day.
fn forget_old(base: &Path) {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        let age = entry.metadata().and_then(|data| data.modified()).ok().and_then(|at| at.elapsed().ok());
        if entry.path().extension().is_some_and(|ending| ending == "db") && age.is_some_and(|age| age > DAY) {
            // Another process may be faster.
            let _gone = fs::remove_file(entry.path());
        }
    }
}

/// The name of the migrated PostgreSQL database to copy.
pub(crate) fn postgres(server: &str) -> Result<String, Fault> {
    let ready = format!("diwan_template_{SCHEMA_DIGEST}");
    let mut admin = PgConnection::establish(server).map_err(at("the PostgreSQL test server"))?;
    // Any number will do as the lock's name.
    admin.batch_execute("SELECT pg_advisory_lock(1280)").map_err(at("lock"))?;
    let exists =
        diesel::select(sql::<BigInt>(&format!("(SELECT COUNT(*) FROM pg_database WHERE datname = '{ready}')")))
            .get_result::<i64>(&mut admin)
            .map_err(at("pg_database"))?;
    if exists == 0 {
        let fresh = format!("{ready}_fresh");
        let run = |admin: &mut PgConnection, sql: String| admin.batch_execute(&sql).map_err(at(sql));
        run(&mut admin, format!("DROP DATABASE IF EXISTS {fresh}"))?;
        run(&mut admin, format!("CREATE DATABASE {fresh} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"))?;
        migrate(DbUrl::Postgres(url_of(server, &fresh)))?;
        run(&mut admin, format!("ALTER DATABASE {fresh} RENAME TO {ready}"))?;
    }
    Ok(ready)
}

fn migrate(url: DbUrl) -> Result<(), Fault> {
    let db = Db::open(DbConfig { connections: 1, ..DbConfig::new(url) }).map_err(at("the template database"))?;
    db.migrate().map_err(at("the template database"))?;
    Ok(())
}
