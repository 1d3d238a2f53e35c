//! Rows for the tests, written by SQL that both databases understand.

use diesel::connection::SimpleConnection;
use diwan_db::{
    Audit, Db, DbError, WriteTx,
    catalogue::{Catalogue, Column, Family},
};
use diwan_kernel::Who;

/// Writes on behalf of nobody, with an audit entry of its own.
pub fn write<T>(db: &Db, work: impl FnOnce(&mut WriteTx<'_>) -> Result<T, DbError>) -> Result<T, DbError> {
    db.write_now(Who::system(), "test.thing.write", |tx| {
        let value = work(tx)?;
        tx.audit(Audit::of("thing", 1))?;
        Ok(value)
    })
}

/// Runs one statement past every rule of the operations.
pub fn sql(db: &Db, statement: &str) -> Result<(), DbError> {
    db.upkeep("test.sql", |tx| Ok(tx.conn().batch_execute(statement)?))
}

/// Inserts a row: the given columns as SQL literals, all others that must not be empty with something of their type.
pub fn insert(tx: &mut WriteTx<'_>, table: &str, given: &[(&str, &str)]) -> Result<(), DbError> {
    let catalogue = Catalogue::read(tx.conn())?;
    let unnamed = |column: &&Column| !given.iter().any(|(name, _)| *name == column.name);
    let needed =
        catalogue.0[table].columns.iter().filter(|column| !column.nullable && !column.identity && column.name != "xid");
    let filled = needed.filter(unnamed).map(|column| (column.name.as_str(), anything(&column.family)));
    let (names, values): (Vec<_>, Vec<_>) = given.iter().copied().chain(filled).unzip();
    let names = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    tx.conn().batch_execute(&format!("INSERT INTO {table} ({names}) VALUES ({})", values.join(", ")))?;
    Ok(())
}

fn anything(family: &Family) -> &'static str {
    match family {
        Family::BigInt | Family::Integer => "1",
        Family::Text => "'نص'",
        Family::Bool => "FALSE",
        Family::Date => "'2026-11-01'",
        Family::Timestamp => "'2026-11-01 07:00:00'",
        Family::Binary | Family::Other(_) => panic!("give the value: {family:?}"),
    }
}

/// Two agencies with a unit and a user each (ids 1 and 2), a register, and the outgoing records 1 to 3 of agency 1.
pub fn seed(db: &Db) -> Result<(), DbError> {
    write(db, |tx| {
        for (id, kind) in [("1", "'ministry'"), ("2", "'department'")] {
            let code = format!("'A{id}'");
            insert(tx, "agencies", &[("code", &code), ("kind", kind), ("name_ar", "'وزارة المالية'")])?;
            insert(tx, "units", &[("agency_id", id), ("code", "'U'"), ("kind", "'section'")])?;
            let more = [("clearance", "'normal'"), ("lang", "'ar'"), ("theme", "'system'")];
            let name = format!("'user{id}'");
            insert(tx, "users", &[&[("agency_id", id), ("username", name.as_str())], &more[..]].concat())?;
        }
        insert(tx, "registers", &[("agency_id", "1"), ("code", "'out'")])?;
        for _ in 1..=3 {
            let more = [("kind", "'outgoing'"), ("secrecy", "'normal'"), ("priority", "'normal'"), ("unit_id", "1")];
            insert(tx, "records", &[&[("agency_id", "1"), ("created_by", "1")], &more[..]].concat())?;
        }
        Ok(())
    })
}
