//! Tables of archive. Column rules live in the migrations; the parity test compares the two.

diesel::table! {
    documents (record_id) {
        record_id -> BigInt,
        agency_id -> BigInt,
        source -> Text,
        doc_date -> Date,
        filed_at -> Timestamp,
        type_id -> Nullable<BigInt>,
        volume_id -> Nullable<BigInt>,
        volume_place -> Nullable<Integer>,
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
    archive_guards (agency_id) {
        agency_id -> BigInt,
        turn -> BigInt,
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
    schedules (id) {
        id -> BigInt,
        agency_id -> BigInt,
        code -> Text,
        name_ar -> Text,
        name_en -> Text,
        starts -> Text,
        years -> Integer,
        months -> Integer,
        new_year -> Bool,
        action -> Text,
        mandate -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        fallback -> Bool,
        version -> BigInt,
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
    classes (id) {
        id -> BigInt,
        agency_id -> BigInt,
        parent_id -> Nullable<BigInt>,
        code -> Text,
        path -> Text,
        name_ar -> Text,
        name_en -> Text,
        note -> Text,
        secrecy -> Text,
        schedule_id -> Nullable<BigInt>,
        active -> Bool,
        version -> BigInt,
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

diesel::table! {
    document_types (id) {
        id -> BigInt,
        agency_id -> BigInt,
        code -> Text,
        name_ar -> Text,
        name_en -> Text,
        fields -> Text,
        active -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    document_values (record_id, field) {
        record_id -> BigInt,
        field -> Text,
        value -> Text,
        fold -> Text,
    }
}

diesel::table! {
    document_tags (record_id, fold) {
        record_id -> BigInt,
        fold -> Text,
        tag -> Text,
    }
}

diesel::table! {
    archive_files (id) {
        id -> BigInt,
        agency_id -> BigInt,
        class_id -> BigInt,
        seq -> BigInt,
        number -> Text,
        title -> Text,
        fold -> Text,
        opened_on -> Date,
        opened_by -> BigInt,
        closed_on -> Nullable<Date>,
        closed_by -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    archive_volumes (id) {
        id -> BigInt,
        file_id -> BigInt,
        number -> Integer,
        opened_on -> Date,
        closed_on -> Nullable<Date>,
    }
}

diesel::table! {
    checkouts (attachment_id) {
        attachment_id -> BigInt,
        user_id -> BigInt,
        taken_at -> Timestamp,
    }
}

diesel::table! {
    keeping (record_id) {
        record_id -> BigInt,
        agency_id -> BigInt,
        schedule_id -> BigInt,
        chosen -> Bool,
        event_on -> Nullable<Date>,
        until_on -> Nullable<Date>,
        condemned_on -> Nullable<Date>,
        action -> Text,
        due_on -> Nullable<Date>,
        destroyed_on -> Nullable<Date>,
    }
}

diesel::table! {
    reviews (id) {
        id -> BigInt,
        record_id -> BigInt,
        decision -> Text,
        until_on -> Nullable<Date>,
        schedule_id -> Nullable<BigInt>,
        note -> Text,
        decided_by -> BigInt,
        decided_at -> Timestamp,
    }
}

diesel::table! {
    holds (id) {
        id -> BigInt,
        agency_id -> BigInt,
        reason -> Text,
        class_id -> Nullable<BigInt>,
        file_id -> Nullable<BigInt>,
        set_by -> BigInt,
        set_at -> Timestamp,
        lifted_by -> Nullable<BigInt>,
        lifted_at -> Nullable<Timestamp>,
        lift_reason -> Nullable<Text>,
    }
}

diesel::table! {
    hold_records (hold_id, record_id) {
        hold_id -> BigInt,
        record_id -> BigInt,
    }
}

diesel::table! {
    disposals (id) {
        id -> BigInt,
        agency_id -> BigInt,
        reason -> Text,
        state -> Text,
        proposed_by -> BigInt,
        proposed_at -> Timestamp,
        ended_by -> Nullable<BigInt>,
        ended_at -> Nullable<Timestamp>,
        refusal -> Nullable<Text>,
        certificate_id -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    disposal_votes (disposal_id, user_id) {
        disposal_id -> BigInt,
        user_id -> BigInt,
        confirmed_at -> Timestamp,
    }
}

diesel::table! {
    disposal_items (disposal_id, record_id) {
        disposal_id -> BigInt,
        record_id -> BigInt,
        state -> Text,
        reason -> Nullable<Text>,
        files -> Text,
        destroyed_at -> Nullable<Timestamp>,
    }
}
