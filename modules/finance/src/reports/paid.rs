//! The payments of documents, in whatever way they were paid: each is an entry, and another one where it came back.

/// The tables of payments: each names its document, its entry, and the entry by which it came back.
const TABLES: [&str; 3] = ["payment_items", "cheques", "cash_payments"];

/// All payments of an agency as a statement reads them: document, entry, the entry by which it was paid, and 1 where it was paid or
/// −1 where it came back.
pub(super) fn all(agency: &str) -> String {
    let one = |table: &str, entry: &str, way: i32| {
        format!(
            "SELECT document_id, {entry} AS entry_id, entry_id AS paid_id, {way} AS way FROM {table}
            WHERE agency_id = {agency} AND {entry} IS NOT NULL"
        )
    };
    TABLES
        .map(|table| [one(table, "entry_id", 1), one(table, "return_entry_id", -1)].join(" UNION ALL "))
        .join(" UNION ALL ")
}

/// Whether an entry `e` is that of a payment which came back.
pub(super) fn came_back() -> String {
    TABLES.map(|table| format!("EXISTS (SELECT 1 FROM {table} w WHERE w.return_entry_id = e.id)")).join(" OR ")
}
