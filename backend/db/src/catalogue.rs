//! What a database says of its own tables, in one form for both kinds.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{
    QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Bool, Text},
};

use crate::{AnyConnection, Backend, DbError};

/// The tables by name, without the migrator's own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalogue(pub BTreeMap<String, Table>);

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// In their order.
    pub columns: Vec<Column>,
    /// The columns of the primary key, in its order.
    pub primary_key: Vec<String>,
    /// What refers where.
    pub foreign_keys: BTreeSet<ForeignKey>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub family: Family,
    /// Whether it may be empty.
    pub nullable: bool,
    /// Whether the database numbers the rows in it.
    pub identity: bool,
}

/// The portable types; whatever is none of them is named.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names of the schema's types")]
pub enum Family {
    BigInt,
    Integer,
    Text,
    Bool,
    Date,
    Timestamp,
    Binary,
    Other(String),
}

/// A reference from one column to another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForeignKey {
    /// The column that refers.
    pub column: String,
    /// The table it refers to.
    pub table: String,
    /// The column there.
    pub target: String,
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    type_name: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
    /// Place in the primary key from 1; 0 outside it.
    #[diesel(sql_type = BigInt)]
    key_place: i64,
    #[diesel(sql_type = Bool)]
    identity: bool,
}

#[derive(QueryableByName)]
struct ForeignKeyRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    target_table: String,
    #[diesel(sql_type = Text)]
    target_column: String,
}

const SQLITE_COLUMNS: &str = "
    SELECT m.name AS table_name, c.name AS column_name, c.type AS type_name, c.\"notnull\" = 0 AS nullable,
        c.pk AS key_place, c.pk = 1 AND instr(m.sql, 'AUTOINCREMENT') > 0 AS identity
    FROM sqlite_master m JOIN pragma_table_info(m.name) c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND m.name <> '__diesel_schema_migrations'
    ORDER BY m.name, c.cid";

const SQLITE_FOREIGN_KEYS: &str = "
    SELECT m.name AS table_name, f.\"from\" AS column_name, f.\"table\" AS target_table, f.\"to\" AS target_column
    FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";

const POSTGRES_COLUMNS: &str = "
    SELECT t.relname::text AS table_name, a.attname::text AS column_name, format_type(a.atttypid, a.atttypmod) AS type_name,
        NOT a.attnotnull AS nullable, COALESCE(array_position(k.conkey, a.attnum), 0)::bigint AS key_place,
        a.attidentity <> '' AS identity
    FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'p'
    WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace AND t.relname <> '__diesel_schema_migrations'
    ORDER BY t.relname, a.attnum";

const POSTGRES_FOREIGN_KEYS: &str = "
    SELECT t.relname::text AS table_name, a.attname::text AS column_name, r.relname::text AS target_table,
        b.attname::text AS target_column
    FROM pg_constraint k CROSS JOIN unnest(k.conkey, k.confkey) AS pair (here, there)
        JOIN pg_class t ON t.oid = k.conrelid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = pair.here
        JOIN pg_class r ON r.oid = k.confrelid JOIN pg_attribute b ON b.attrelid = r.oid AND b.attnum = pair.there
    WHERE k.contype = 'f' AND t.relnamespace = current_schema()::regnamespace";

impl Catalogue {
    /// Reads it.
    ///
    /// # Errors
    /// The database refuses.
    pub fn read(connection: &mut AnyConnection) -> Result<Self, DbError> {
        let (columns, foreign_keys) = match connection.backend_kind() {
            Backend::Sqlite => (SQLITE_COLUMNS, SQLITE_FOREIGN_KEYS),
            Backend::Postgres => (POSTGRES_COLUMNS, POSTGRES_FOREIGN_KEYS),
        };
        let mut tables: BTreeMap<String, Table> = BTreeMap::new();
        let mut keys: BTreeMap<(String, i64), String> = BTreeMap::new();
        for row in sql_query(columns).load::<ColumnRow>(connection)? {
            if row.key_place > 0 {
                keys.insert((row.table_name.clone(), row.key_place), row.column_name.clone());
            }
            tables.entry(row.table_name.clone()).or_default().columns.push(column(row));
        }
        for ((table, _place), name) in keys {
            tables.entry(table).or_default().primary_key.push(name);
        }
        for row in sql_query(foreign_keys).load::<ForeignKeyRow>(connection)? {
            let ForeignKeyRow { table_name, column_name: column, target_table: table, target_column: target } = row;
            tables.entry(table_name).or_default().foreign_keys.insert(ForeignKey { column, table, target });
        }
        Ok(Self(tables))
    }
}

fn column(row: ColumnRow) -> Column {
    let family = match row.type_name.to_ascii_lowercase().as_str() {
        // What SQLite calls so when it numbers the rows is a 64-bit number.
        "integer" if row.identity => Family::BigInt,
        "bigint" => Family::BigInt,
        "integer" => Family::Integer,
        "text" => Family::Text,
        "boolean" => Family::Bool,
        "date" => Family::Date,
        "timestamp" | "timestamp without time zone" => Family::Timestamp,
        "blob" | "bytea" => Family::Binary,
        other => Family::Other(other.to_owned()),
    };
    Column { name: row.column_name, family, nullable: row.nullable, identity: row.identity }
}
