//! Two roles on PostgreSQL: one owns the tables and migrates, another serves and owns nothing.
//!
//! What a trigger always refuses is not granted either, so that who serves can neither do it nor take the trigger away.
//! Which tables these are the catalogue says: a new one needs no word here.

use diesel::{
    OptionalExtension, PgConnection, QueryableByName, RunQueryDsl,
    connection::{AnsiTransactionManager, SimpleConnection, TransactionManager},
    sql_query,
    sql_types::{Bool, Text},
};

use crate::{
    AnyConnection, Db, OpenError,
    connection::Use,
    migrate::{MIGRATIONS_TABLE, alone},
};

/// What was granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// How many tables and views the role reads.
    pub tables: usize,
    /// The tables whose rows it may not delete.
    pub kept: Vec<String>,
    /// The tables whose rows it may not change.
    pub fixed: Vec<String>,
}

/// Nothing was granted; what the role had before it still has.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// SQLite knows nobody.
    #[error("SQLite has no roles: whoever can write the file can change everything; --grant-to is for PostgreSQL")]
    NoRoles,
    /// There is no such role.
    #[error("there is no role {0}: make it first, as a superuser: CREATE ROLE {0} LOGIN PASSWORD '…'")]
    Unknown(String),
    /// The role has the rights of whoever owns the tables, or can give them to itself.
    #[error(
        "{0} is a superuser, may make roles, or owns the database or something in it, itself or through another role: \
         nothing can be kept from it; name a role that owns nothing"
    )]
    Owner(String),
    /// Whoever asks has nothing to give. PostgreSQL would only warn.
    #[error("{0} does not own the database and everything in it: run this with the address of its owner")]
    NotOwner(String),
    /// Rights come from elsewhere: granted to everybody, or to a role that this one belongs to.
    #[error("{role} has more rights on {on} than serving needs, by PUBLIC or by another role: take them away there")]
    More {
        /// The role.
        role: String,
        /// The database, the schema or the first such table.
        on: String,
    },
    /// The database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A statement failed.
    #[error("the rights cannot be granted: {0}")]
    Query(#[from] diesel::result::Error),
}

/// A role beside the database and the schema, with names as statements want them.
#[derive(QueryableByName)]
struct Role {
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Text)]
    database: String,
    #[diesel(sql_type = Text)]
    schema: String,
    /// The role owns some of it, or can come to.
    #[diesel(sql_type = Bool)]
    owns: bool,
    /// Who asks.
    #[diesel(sql_type = Text)]
    me: String,
    /// Who asks owns all of it.
    #[diesel(sql_type = Bool)]
    mine: bool,
}

const ROLE: &str = "
    SELECT quote_ident(r.rolname) AS role, quote_ident(d.datname) AS database, quote_ident(n.nspname) AS schema,
        r.rolsuper OR r.rolcreaterole OR pg_has_role(r.oid, d.datdba, 'MEMBER') OR pg_has_role(r.oid, n.nspowner, 'MEMBER')
        OR EXISTS (SELECT 1 FROM pg_class t WHERE t.relnamespace = n.oid AND pg_has_role(r.oid, t.relowner, 'MEMBER'))
        OR EXISTS (SELECT 1 FROM pg_proc p WHERE p.pronamespace = n.oid AND pg_has_role(r.oid, p.proowner, 'MEMBER')) AS owns,
        current_user::text AS me,
        pg_has_role(d.datdba, 'USAGE') AND NOT EXISTS (SELECT 1 FROM pg_class t WHERE t.relnamespace = n.oid
            AND t.relkind IN ('r', 'p', 'v', 'm', 'S') AND NOT pg_has_role(t.relowner, 'USAGE')) AS mine
    FROM pg_roles r, pg_database d, pg_namespace n
    WHERE r.rolname = $1 AND d.datname = current_database() AND n.nspname = current_schema()";

/// A table or a view, what is done with it, and whether the role has more than that.
#[derive(QueryableByName)]
struct Target {
    /// With quotes where it needs them.
    #[diesel(sql_type = Text)]
    name: String,
    /// A table of Diwan's, not a view.
    #[diesel(sql_type = Bool)]
    written: bool,
    /// A trigger refuses every UPDATE.
    #[diesel(sql_type = Bool)]
    fixed: bool,
    /// A trigger refuses every DELETE.
    #[diesel(sql_type = Bool)]
    kept: bool,
    #[diesel(sql_type = Bool)]
    more: bool,
}

/// Bits of a trigger's type: 1 for each row, 2 before, 8 deleting, 16 updating. With a condition or a list of columns it lets
/// something pass.
const TARGETS: &str = "
    SELECT x.name, x.written, x.fixed, x.kept,
        has_table_privilege($1::name, x.id, 'TRUNCATE, REFERENCES, TRIGGER')
        OR ((x.kept OR NOT x.written) AND has_table_privilege($1::name, x.id, 'DELETE'))
        OR ((x.fixed OR NOT x.written) AND has_any_column_privilege($1::name, x.id, 'UPDATE')) AS more
    FROM (
        SELECT t.oid AS id, t.oid::regclass::text AS name, t.relkind IN ('r', 'p') AND t.relname <> $2 AS written,
            COALESCE(bool_or((g.tgtype & 19) = 19), FALSE) AS fixed, COALESCE(bool_or((g.tgtype & 11) = 11), FALSE) AS kept
        FROM pg_class t LEFT JOIN pg_trigger g ON g.tgrelid = t.oid AND g.tgqual IS NULL AND g.tgattr::text = ''
            AND g.tgfoid IN (SELECT p.oid FROM pg_proc p WHERE p.proname = 'diwan_refuse')
        WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p', 'v', 'm')
        GROUP BY t.oid, t.relkind, t.relname
    ) x ORDER BY x.name";

#[derive(QueryableByName)]
struct Said {
    #[diesel(sql_type = Bool)]
    said: bool,
}

/// Tables of its own would stand before those of the schema, and the triggers would look there.
const MAKES: &str = "
    SELECT has_database_privilege($1::name, current_database()::text, 'CREATE, TEMPORARY')
        OR has_schema_privilege($1::name, current_schema()::text, 'CREATE') AS said";

impl Db {
    /// Gives a role of PostgreSQL what serving needs, and takes everything else in this database from it. Run by the owner,
    /// after every migration that made a table; twice does no harm.
    ///
    /// # Errors
    /// [`GrantError`]; the role's rights are then as they were.
    pub fn grant_to(&self, role: &str) -> Result<Grant, GrantError> {
        match self.config().url.connect(Use::Write)? {
            AnyConnection::Postgres(mut c) => {
                alone(&mut c)?;
                AnsiTransactionManager::begin_transaction_sql(&mut c, "BEGIN")?;
                let granted = grant(&mut c, role)?;
                AnsiTransactionManager::commit_transaction(&mut c)?;
                // What is not committed ends with the connection.
                Ok(granted)
            }
            AnyConnection::Sqlite(_) => Err(GrantError::NoRoles),
        }
    }
}

fn grant(c: &mut PgConnection, name: &str) -> Result<Grant, GrantError> {
    let role: Option<Role> = sql_query(ROLE).bind::<Text, _>(name).get_result(c).optional()?;
    let role = role.ok_or_else(|| GrantError::Unknown(name.to_owned()))?;
    if role.owns {
        return Err(GrantError::Owner(name.to_owned()));
    }
    if !role.mine {
        return Err(GrantError::NotOwner(role.me));
    }
    let tables = targets(c, name)?;
    c.batch_execute(&statements(&role, &tables))?;
    refuse_more(c, name, &role)?;
    let all = targets(c, name)?;
    if let Some(table) = all.iter().find(|table| table.more) {
        return Err(GrantError::More { role: name.to_owned(), on: table.name.clone() });
    }
    Ok(Grant { tables: all.len(), kept: names(&all, |table| table.kept), fixed: names(&all, |table| table.fixed) })
}

fn targets(c: &mut PgConnection, role: &str) -> Result<Vec<Target>, GrantError> {
    Ok(sql_query(TARGETS).bind::<Text, _>(role).bind::<Text, _>(MIGRATIONS_TABLE).load(c)?)
}

fn names(all: &[Target], which: impl Fn(&Target) -> bool) -> Vec<String> {
    all.iter().filter(|table| which(table)).map(|table| table.name.clone()).collect()
}

/// First everything is taken, so that what a table lost since the last time is not left with the role.
///
/// Nobody locks rows of what no trigger lets change (`FOR UPDATE` and its like ask for the right to UPDATE), and what foreign
/// keys do they do with the rights of the owner.
fn statements(to: &Role, all: &[Target]) -> String {
    let Role { role, database, schema, .. } = to;
    let mut text = format!(
        "REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC; REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC;
        REVOKE ALL ON DATABASE {database} FROM {role}; REVOKE ALL ON SCHEMA {schema} FROM {role};
        REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}; REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {role};
        GRANT CONNECT ON DATABASE {database} TO {role}; GRANT USAGE ON SCHEMA {schema} TO {role};
        GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role};
        GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role};"
    );
    for (right, tables) in [
        ("INSERT", names(all, |table| table.written)),
        ("UPDATE", names(all, |table| table.written && !table.fixed)),
        ("DELETE", names(all, |table| table.written && !table.kept)),
    ] {
        if !tables.is_empty() {
            text.push_str(&format!(" GRANT {right} ON {} TO {role};", tables.join(", ")));
        }
    }
    text
}

fn refuse_more(c: &mut PgConnection, name: &str, role: &Role) -> Result<(), GrantError> {
    let makes: Said = sql_query(MAKES).bind::<Text, _>(name).get_result(c)?;
    if makes.said {
        let on = format!("database {} or schema {}", role.database, role.schema);
        return Err(GrantError::More { role: name.to_owned(), on });
    }
    Ok(())
}
