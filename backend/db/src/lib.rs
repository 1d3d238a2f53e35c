//! One database layer over SQLite and PostgreSQL: connections, transactions, migrations, portable helpers.
