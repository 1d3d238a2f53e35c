//! Moving an installation from SQLite to PostgreSQL, with nothing running on either.

use std::collections::BTreeMap;

use diesel::{
    QueryableByName, RunQueryDsl,
    connection::{AnsiTransactionManager, SimpleConnection, TransactionManager},
    sql_query,
    sql_types::{BigInt, Nullable, Text},
};

use crate::{
    AnyConnection, DbError, DbUrl, OpenError,
    catalogue::{Catalogue, Column, Family, Table},
    connection::Use,
    migrate::{MIGRATIONS_POSTGRES, MIGRATIONS_SQLITE, MigrationState, Step, failed, status, take},
    verify::{self, VerifyReport},
};

/// Rows that travel together: enough to make the journey cheap, few enough to hold the longest letters in memory.
const BATCH: i64 = 200;

/// What was copied, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyReport {
    /// Rows by table, counted on both sides.
    pub rows: BTreeMap<String, i64>,
    /// What walking the audit chains in the target found.
    pub audit: VerifyReport,
}

/// Why nothing was copied: the target is as it was.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The addresses are the wrong way round, or of the same kind.
    #[error("copying goes from sqlite:PATH to postgres://USER@HOST/NAME")]
    Direction,
    /// One of the two cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A statement failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The source was left by another version.
    #[error("the source has not the schema of this version: run `diwan migrate` on it first ({0})")]
    Schema(String),
    /// The target holds data.
    #[error("the target is not empty: table {0} has rows")]
    NotEmpty(String),
    /// A table arrived with another number of rows.
    #[error("table {table}: {here} rows in the source, {there} in the target")]
    Count {
        /// Which.
        table: String,
        /// Rows there were.
        here: i64,
        /// Rows there are.
        there: i64,
    },
    /// The audit chain does not hold in the target; it did not in the source either.
    #[error("the audit chain is broken: {0}")]
    Audit(verify::ChainFault),
}

impl From<diesel::result::Error> for CopyError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Db(error.into())
    }
}

/// Copies everything in one transaction of the target, checks it there, and commits, or rolls back on a dry run. Writers of
/// the source are kept out meanwhile; nothing may run on the target.
///
/// # Errors
/// Anything is not as it should be; the target is then as it was.
pub fn copy_db(from: &DbUrl, to: &DbUrl, dry_run: bool) -> Result<CopyReport, CopyError> {
    let (DbUrl::Sqlite(file), DbUrl::Postgres(_)) = (from, to) else { return Err(CopyError::Direction) };
    // Opening would make a file that is not there.
    std::fs::metadata(file).map_err(OpenError::Folder)?;
    let mut source = from.connect(Use::Write)?;
    refuse_other_schema(&mut source)?;
    source.batch_execute("BEGIN IMMEDIATE")?;

    let mut target = to.connect(Use::Write)?;
    prepare(&mut target)?;
    let report = copy(&mut source, &mut target)?;
    if !dry_run {
        crate::each_backend!(&mut target, c => AnsiTransactionManager::commit_transaction(c))?;
    }
    // What is not committed ends with the connections.
    Ok(report)
}

fn refuse_other_schema(source: &mut AnyConnection) -> Result<(), CopyError> {
    let AnyConnection::Sqlite(source) = source else { return Err(CopyError::Direction) };
    let all = status(source, &MIGRATIONS_SQLITE).map_err(failed)?;
    match all.into_iter().find(|migration| migration.state != MigrationState::Applied) {
        Some(migration) => Err(CopyError::Schema(migration.name)),
        None => Ok(()),
    }
}

/// Begins, and gives an empty target its tables.
fn prepare(target: &mut AnyConnection) -> Result<(), CopyError> {
    let AnyConnection::Postgres(target) = target else { return Err(CopyError::Direction) };
    target.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0; SELECT pg_advisory_lock(1279)")?;
    AnsiTransactionManager::begin_transaction_sql(target, "BEGIN")?;
    take(target, &MIGRATIONS_POSTGRES, Step::Up).map_err(failed)?;
    Ok(())
}

fn copy(source: &mut AnyConnection, target: &mut AnyConnection) -> Result<CopyReport, CopyError> {
    let (here, there) = (Catalogue::read(source)?, Catalogue::read(target)?);
    for (name, table) in &there.0 {
        if here.0.get(name).is_none_or(|same| same.columns != table.columns) {
            return Err(CopyError::Schema(name.clone()));
        }
        if count(target, name)? > 0 {
            return Err(CopyError::NotEmpty(name.clone()));
        }
    }
    let references = loosen(target, there.0.keys())?;
    let mut rows = BTreeMap::new();
    for (name, table) in &there.0 {
        copy_table(source, target, name, table)?;
        let (here, there) = (count(source, name)?, count(target, name)?);
        if here != there {
            return Err(CopyError::Count { table: name.clone(), here, there });
        }
        rows.insert(name.clone(), here);
    }
    fasten(target, there.0.keys(), &references)?;
    go_on_numbering(source, target)?;
    target.batch_execute("ANALYZE")?;
    let audit = verify::walk(target)?;
    match audit.faults.first() {
        Some(fault) => Err(CopyError::Audit(fault.clone())),
        None => Ok(CopyReport { rows, audit }),
    }
}

#[derive(QueryableByName)]
struct Reference {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    definition: String,
}

/// Takes the foreign keys off, so that rows that refer to each other may arrive in any order, and stops the triggers, whose
/// work the rows bring along. Returns what to put back.
fn loosen<'a>(
    target: &mut AnyConnection,
    tables: impl Iterator<Item = &'a String>,
) -> Result<Vec<Reference>, CopyError> {
    let references: Vec<Reference> = sql_query(
        "SELECT t.relname::text AS table_name, k.conname::text AS name, pg_get_constraintdef(k.oid) AS definition
         FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid
         WHERE k.contype = 'f' AND t.relnamespace = current_schema()::regnamespace ORDER BY k.oid",
    )
    .load(target)?;
    for Reference { table_name, name, .. } in &references {
        target.batch_execute(&format!("ALTER TABLE {} DROP CONSTRAINT {}", quoted(table_name), quoted(name)))?;
    }
    for table in tables {
        target.batch_execute(&format!("ALTER TABLE {} DISABLE TRIGGER USER", quoted(table)))?;
    }
    Ok(references)
}

/// Puts the foreign keys back, which checks every row, and the triggers.
fn fasten<'a>(
    target: &mut AnyConnection,
    tables: impl Iterator<Item = &'a String>,
    references: &[Reference],
) -> Result<(), CopyError> {
    for Reference { table_name, name, definition } in references {
        let (table, name) = (quoted(table_name), quoted(name));
        target.batch_execute(&format!("ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"))?;
    }
    for table in tables {
        target.batch_execute(&format!("ALTER TABLE {} ENABLE TRIGGER USER", quoted(table)))?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Batch {
    #[diesel(sql_type = Nullable<BigInt>)]
    last: Option<i64>,
    #[diesel(sql_type = Text)]
    rows: String,
}

/// Rows travel as JSON, which both databases write and read themselves: numbers with all their digits, bytes in hex.
fn copy_table(
    source: &mut AnyConnection,
    target: &mut AnyConnection,
    name: &str,
    table: &Table,
) -> Result<(), CopyError> {
    let list = |form: &dyn Fn(usize, &Column) -> String| {
        table.columns.iter().enumerate().map(|(at, column)| form(at, column)).collect::<Vec<_>>().join(", ")
    };
    let pack = list(&|_, column| match column.family {
        Family::Binary => format!("CASE WHEN {0} IS NOT NULL THEN hex({0}) END", quoted(&column.name)),
        _ => quoted(&column.name),
    });
    let unpack = list(&|at, column| match &column.family {
        Family::Binary => format!("decode(line->>{at}, 'hex')"),
        family => format!("(line->>{at})::{}", postgres_type(family)),
    });
    let columns = list(&|_, column| quoted(&column.name));
    let table = quoted(name);
    let select = format!(
        "SELECT max(place) AS last, json_group_array(json_array({pack})) AS rows
         FROM (SELECT rowid AS place, * FROM {table} WHERE rowid > ? ORDER BY rowid LIMIT {BATCH})"
    );
    let insert = format!("INSERT INTO {table} ({columns}) SELECT {unpack} FROM json_array_elements($1::json) AS line");
    let mut place = i64::MIN;
    loop {
        let batch: Batch = sql_query(&select).bind::<BigInt, _>(place).get_result(source)?;
        let Some(last) = batch.last else { return Ok(()) };
        sql_query(&insert).bind::<Text, _>(batch.rows).execute(target)?;
        place = last;
    }
}

fn postgres_type(family: &Family) -> &str {
    match family {
        Family::BigInt => "bigint",
        Family::Integer => "integer",
        Family::Text => "text",
        Family::Bool => "boolean",
        Family::Date => "date",
        Family::Timestamp => "timestamp",
        Family::Binary => "bytea",
        Family::Other(name) => name,
    }
}

#[derive(QueryableByName)]
struct Numbering {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    last: i64,
}

/// Numbers go on where the source was, past those of rows that are gone: a number is never given twice.
fn go_on_numbering(source: &mut AnyConnection, target: &mut AnyConnection) -> Result<(), CopyError> {
    let numberings: Vec<Numbering> =
        sql_query("SELECT name, seq AS last FROM sqlite_sequence WHERE seq > 0").load(source)?;
    for Numbering { name, last } in numberings {
        let set = format!("SELECT setval(pg_get_serial_sequence('{}', 'id'), {last})", quoted(&name));
        target.batch_execute(&set)?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn count(connection: &mut AnyConnection, table: &str) -> Result<i64, CopyError> {
    let count: Count = sql_query(format!("SELECT COUNT(*) AS count FROM {}", quoted(table))).get_result(connection)?;
    Ok(count.count)
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}
