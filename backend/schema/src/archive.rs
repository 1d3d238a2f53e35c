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
    imports (id) {
        id -> BigInt,
        agency_id -> BigInt,
        created_by -> BigInt,
        name -> Text,
        source -> Text,
        root -> Nullable<Text>,
        defaults -> Text,
        state -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
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

diesel::table! {
    import_files (id) {
        id -> BigInt,
        import_id -> BigInt,
        path -> Text,
        size -> Nullable<BigInt>,
        blob_hash -> Nullable<Text>,
        media_type -> Nullable<Text>,
        name_mismatch -> Bool,
        modified_on -> Nullable<Date>,
        line -> Nullable<Integer>,
        cells -> Text,
        state -> Text,
        faults -> Text,
        record_id -> Nullable<BigInt>,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    renditions (agency_id, blob_hash, kind) {
        agency_id -> BigInt,
        blob_hash -> Text,
        kind -> Text,
        state -> Text,
        reason -> Nullable<Text>,
        rendition_hash -> Nullable<Text>,
        done -> Integer,
        pages -> Integer,
        asked_at -> Timestamp,
        updated_at -> Timestamp,
    }
}
