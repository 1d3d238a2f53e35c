//! Tables of platform. Column rules live in the migrations; the parity test compares the two.

diesel::table! {
    agencies (id) {
        id -> BigInt,
        parent_id -> Nullable<BigInt>,
        code -> Text,
        name_ar -> Text,
        name_en -> Text,
        kind -> Text,
        addressee_ar -> Text,
        addressee_en -> Text,
        email -> Nullable<Text>,
        active -> Bool,
        fold -> Text,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    units (id) {
        id -> BigInt,
        agency_id -> BigInt,
        parent_id -> Nullable<BigInt>,
        code -> Text,
        name_ar -> Text,
        name_en -> Text,
        kind -> Text,
        active -> Bool,
        fold -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    positions (id) {
        id -> BigInt,
        agency_id -> BigInt,
        unit_id -> BigInt,
        title_ar -> Text,
        title_en -> Text,
        is_head -> Bool,
        can_sign -> Bool,
        active -> Bool,
        version -> BigInt,
        fold -> Text,
    }
}

diesel::table! {
    users (id) {
        id -> BigInt,
        agency_id -> BigInt,
        username -> Text,
        name_ar -> Text,
        name_en -> Text,
        email -> Nullable<Text>,
        password_hash -> Text,
        password_changed_at -> Timestamp,
        must_change -> Bool,
        totp_secret -> Nullable<Binary>,
        totp_last_step -> Nullable<BigInt>,
        clearance -> Text,
        lang -> Text,
        theme -> Text,
        active -> Bool,
        last_login_at -> Nullable<Timestamp>,
        fold -> Text,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    user_caveats (user_id, caveat) {
        user_id -> BigInt,
        caveat -> Text,
    }
}

diesel::table! {
    holdings (id) {
        id -> BigInt,
        position_id -> BigInt,
        user_id -> BigInt,
        from_date -> Date,
        to_date -> Nullable<Date>,
    }
}

diesel::table! {
    roles (id) {
        id -> BigInt,
        agency_id -> Nullable<BigInt>,
        code -> Text,
        name_ar -> Text,
        name_en -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    role_permissions (role_id, permission) {
        role_id -> BigInt,
        permission -> Text,
    }
}

diesel::table! {
    user_roles (user_id, role_id) {
        user_id -> BigInt,
        role_id -> BigInt,
    }
}

diesel::table! {
    delegations (id) {
        id -> BigInt,
        agency_id -> BigInt,
        from_user_id -> BigInt,
        to_user_id -> BigInt,
        scope -> Text,
        starts_on -> Date,
        ends_on -> Date,
        reason -> Text,
        created_by -> BigInt,
        created_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        token_hash -> Text,
        user_id -> BigInt,
        created_at -> Timestamp,
        last_seen_at -> Timestamp,
        expires_at -> Timestamp,
        ip -> Text,
        user_agent -> Text,
        awaits_totp -> Bool,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    login_attempts (name_hash) {
        name_hash -> Text,
        failed_count -> Integer,
        locked_until -> Nullable<Timestamp>,
        last_at -> Timestamp,
    }
}

diesel::table! {
    settings (id) {
        id -> BigInt,
        agency_id -> Nullable<BigInt>,
        key -> Text,
        value -> Text,
        valid_from -> Date,
    }
}

diesel::table! {
    registers (id) {
        id -> BigInt,
        agency_id -> BigInt,
        code -> Text,
        name_ar -> Text,
        name_en -> Text,
        pattern -> Text,
    }
}

diesel::table! {
    counters (register_id, year) {
        register_id -> BigInt,
        year -> Integer,
        last_seq -> BigInt,
    }
}

diesel::table! {
    records (id) {
        id -> BigInt,
        agency_id -> BigInt,
        unit_id -> Nullable<BigInt>,
        kind -> Text,
        number -> Nullable<Text>,
        subject -> Text,
        party -> Text,
        fold -> Text,
        state -> Text,
        secrecy -> Text,
        priority -> Text,
        due_on -> Nullable<Date>,
        class_code -> Nullable<Text>,
        created_by -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        issued_at -> Nullable<Timestamp>,
        closed_at -> Nullable<Timestamp>,
        version -> BigInt,
    }
}

diesel::table! {
    numbers (register_id, year, seq) {
        register_id -> BigInt,
        year -> Integer,
        seq -> BigInt,
        record_id -> BigInt,
        display -> Text,
        taken_at -> Timestamp,
        taken_by -> BigInt,
        voided_at -> Nullable<Timestamp>,
        voided_by -> Nullable<BigInt>,
        void_reason -> Nullable<Text>,
    }
}

diesel::table! {
    record_access (record_id, principal) {
        record_id -> BigInt,
        principal -> Text,
    }
}

diesel::table! {
    record_caveats (record_id, caveat) {
        record_id -> BigInt,
        caveat -> Text,
    }
}

diesel::table! {
    record_links (id) {
        id -> BigInt,
        from_record_id -> BigInt,
        to_record_id -> BigInt,
        kind -> Text,
        created_by -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    blobs (hash) {
        hash -> Text,
        size -> BigInt,
        media_type -> Text,
        created_at -> Timestamp,
        destroyed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    extracts (blob_hash) {
        blob_hash -> Text,
        state -> Text,
        reason -> Nullable<Text>,
        pages -> Nullable<Integer>,
        parts -> Text,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    scan_pages (blob_hash, page) {
        blob_hash -> Text,
        page -> Integer,
        state -> Text,
        reason -> Nullable<Text>,
        turns -> Integer,
        width -> Integer,
        confidence -> Integer,
        doubtful -> Integer,
        words -> Text,
        codes -> Text,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    attachments (id) {
        id -> BigInt,
        record_id -> BigInt,
        blob_hash -> Text,
        file_name -> Text,
        media_type -> Text,
        size -> BigInt,
        role -> Text,
        version_no -> Integer,
        replaces_id -> Nullable<BigInt>,
        created_by -> Nullable<BigInt>,
        created_at -> Timestamp,
        removed_at -> Nullable<Timestamp>,
        name_mismatch -> Bool,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    notes (id) {
        id -> BigInt,
        record_id -> BigInt,
        kind -> Text,
        author_id -> BigInt,
        on_behalf_of -> Nullable<BigInt>,
        position_id -> Nullable<BigInt>,
        body -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    tasks (id) {
        id -> BigInt,
        record_id -> BigInt,
        agency_id -> BigInt,
        kind -> Text,
        step -> Nullable<Integer>,
        step_mode -> Nullable<Text>,
        assignee_kind -> Text,
        assignee_id -> BigInt,
        instruction -> Nullable<Text>,
        note -> Nullable<Text>,
        created_by -> BigInt,
        created_at -> Timestamp,
        due_on -> Nullable<Date>,
        state -> Text,
        opened_at -> Nullable<Timestamp>,
        done_at -> Nullable<Timestamp>,
        done_by -> Nullable<BigInt>,
        done_for -> Nullable<BigInt>,
        outcome -> Nullable<Text>,
        outcome_note -> Nullable<Text>,
    }
}

diesel::table! {
    approval_routes (id) {
        id -> BigInt,
        agency_id -> BigInt,
        record_kind -> Text,
        unit_id -> Nullable<BigInt>,
        name_ar -> Text,
        name_en -> Text,
        active -> Bool,
        version -> BigInt,
        min_amount -> BigInt,
    }
}

diesel::table! {
    approval_steps (id) {
        id -> BigInt,
        route_id -> BigInt,
        step -> Integer,
        mode -> Text,
        task_kind -> Text,
        assignee_kind -> Text,
        assignee_id -> Nullable<BigInt>,
        due_days -> Nullable<Integer>,
    }
}

diesel::table! {
    holidays (id) {
        id -> BigInt,
        agency_id -> Nullable<BigInt>,
        day -> Date,
        name_ar -> Text,
        name_en -> Text,
    }
}

diesel::table! {
    notifications (id) {
        id -> BigInt,
        user_id -> BigInt,
        record_id -> Nullable<BigInt>,
        kind -> Text,
        args -> Text,
        created_at -> Timestamp,
        read_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    drafts (user_id, key) {
        user_id -> BigInt,
        key -> Text,
        body -> Text,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    agency_keys (id) {
        id -> BigInt,
        agency_id -> BigInt,
        certificate_pem -> Text,
        public_key_pem -> Text,
        private_key_sealed -> Binary,
        created_at -> Timestamp,
        retired_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    seals (record_id) {
        record_id -> BigInt,
        key_id -> BigInt,
        canonical -> Text,
        hash -> Text,
        signature -> Text,
        verify_code -> Text,
        sealed_at -> Timestamp,
    }
}

diesel::table! {
    audit_entries (id) {
        id -> BigInt,
        agency_id -> Nullable<BigInt>,
        at -> Timestamp,
        user_id -> Nullable<BigInt>,
        on_behalf_of -> Nullable<BigInt>,
        op -> Text,
        entity -> Text,
        entity_id -> BigInt,
        record_id -> Nullable<BigInt>,
        before_hash -> Nullable<Text>,
        after_hash -> Nullable<Text>,
        detail -> Text,
        request_id -> Text,
        ip -> Text,
    }
}

diesel::table! {
    audit_seals (chain_id, seq) {
        chain_id -> BigInt,
        seq -> BigInt,
        audit_id -> BigInt,
        prev_hash -> Text,
        hash -> Text,
        sealed_at -> Timestamp,
    }
}

diesel::table! {
    audit_unsealed (audit_id) {
        audit_id -> BigInt,
    }
}

diesel::table! {
    outbox (id) {
        id -> BigInt,
        xid -> BigInt,
        topic -> Text,
        agency_id -> Nullable<BigInt>,
        record_id -> Nullable<BigInt>,
        payload -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    jobs (id) {
        id -> BigInt,
        kind -> Text,
        payload -> Text,
        priority -> Integer,
        state -> Text,
        run_at -> Timestamp,
        lease_owner -> Nullable<Text>,
        lease_until -> Nullable<Timestamp>,
        attempts -> Integer,
        max_attempts -> Integer,
        last_error -> Nullable<Text>,
        dedupe -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    idempotency (user_id, key) {
        user_id -> BigInt,
        key -> Text,
        op -> Text,
        request_hash -> Text,
        result -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    follower_positions (name) {
        name -> Text,
        position -> Text,
    }
}

diesel::table! {
    rights_epochs (id) {
        id -> BigInt,
        epoch -> BigInt,
    }
}

diesel::table! {
    blob_checks (blob_hash) {
        blob_hash -> Text,
        state -> Text,
        checked_at -> Timestamp,
        bad_since -> Nullable<Timestamp>,
    }
}

diesel::table! {
    fixity_runs (id) {
        id -> BigInt,
        asked_by -> Nullable<BigInt>,
        started_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
        place -> Text,
        checked -> BigInt,
        bytes -> BigInt,
    }
}

diesel::table! {
    orphan_blobs (place) {
        place -> Text,
        size -> BigInt,
        modified_at -> Timestamp,
        found_at -> Timestamp,
    }
}

diesel::table! {
    access_grants (id) {
        id -> BigInt,
        agency_id -> BigInt,
        record_id -> Nullable<BigInt>,
        class_code -> Nullable<Text>,
        principal -> Text,
        until -> Nullable<Date>,
        reason -> Text,
        created_by -> BigInt,
        created_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
        revoked_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    record_views (id) {
        id -> BigInt,
        agency_id -> BigInt,
        record_id -> BigInt,
        user_id -> BigInt,
        way -> Text,
        file_name -> Text,
        at -> Timestamp,
        hour -> Nullable<Timestamp>,
        ip -> Text,
    }
}

diesel::table! {
    access_requests (id) {
        id -> BigInt,
        agency_id -> BigInt,
        asked_by -> BigInt,
        number -> Text,
        record_id -> Nullable<BigInt>,
        reason -> Text,
        state -> Text,
        created_at -> Timestamp,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<Timestamp>,
        note -> Nullable<Text>,
        until -> Nullable<Date>,
    }
}
