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

diesel::table! {
    word_checks (agency_id, blob_hash, page, word) {
        agency_id -> BigInt,
        blob_hash -> Text,
        page -> Integer,
        word -> Integer,
        text -> Text,
        checked_by -> BigInt,
        checked_at -> Timestamp,
    }
}

diesel::table! {
    page_marks (id) {
        id -> BigInt,
        attachment_id -> BigInt,
        page -> Integer,
        kind -> Text,
        x -> Integer,
        y -> Integer,
        text -> Text,
        created_by -> BigInt,
        created_at -> Timestamp,
        removed_by -> Nullable<BigInt>,
        removed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    saved_searches (id) {
        id -> BigInt,
        user_id -> BigInt,
        name -> Text,
        query -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    restore_drills (id) {
        id -> BigInt,
        asked_by -> Nullable<BigInt>,
        state -> Text,
        step -> Text,
        done -> BigInt,
        total -> BigInt,
        created_at -> Timestamp,
        started_at -> Nullable<Timestamp>,
        finished_at -> Nullable<Timestamp>,
        report -> Text,
    }
}
