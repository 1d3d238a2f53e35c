//! The payments of documents, in whatever way they were paid: each is an entry, and another one where it came back.

use diwan_finance_api::DocumentKind;

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

/// The kinds of documents that are paid after they are posted, as a statement lists them.
pub(super) fn later_kinds() -> String {
    let later = DocumentKind::ALL.iter().filter(|kind| kind.shape().pays);
    later.map(|kind| format!("'{}'", kind.code())).collect::<Vec<_>>().join(", ")
}

/// The account that an entry of a document comes to, where only a part of what the document is about moves cash by it; none for all
/// others. Of a document that is paid later for the rest, out of what is held in trust or of the other money, it is the one on which
/// that is owed; of a settlement with change the one of its advance. What takes such a document back comes to the same.
pub(super) fn comes_to([record, entry]: [&str; 2], held: bool) -> String {
    let settled = if held { "" } else { "WHEN v.kind = 'advance_settlement' THEN f.account_id" };
    format!(
        "(SELECT MIN(CASE {settled} WHEN v.kind IN ({kinds}) AND {of}
                AND (SELECT SUM(CASE o.side WHEN 'debit' THEN o.amount ELSE -o.amount END)
                    FROM finance_lines o WHERE o.record_id = v.record_id) <> 0 THEN v.counter_id END)
            FROM finance_documents v LEFT JOIN accounts n ON n.id = v.counter_id
                LEFT JOIN finance_lines f ON f.record_id = v.source_id AND f.side = 'debit' AND v.kind = 'advance_settlement'
            WHERE v.record_id = {record} AND v.entry_id = {entry})",
        kinds = later_kinds(),
        of = if held { "n.trust" } else { "NOT n.trust" },
    )
}
