//! Tables of archive. Column rules live in the migrations; the parity test compares the two.

diesel::table! {
    documents (record_id) {
        record_id -> BigInt,
        agency_id -> BigInt,
        source -> Text,
        doc_date -> Date,
        filed_at -> Timestamp,
    }
}
