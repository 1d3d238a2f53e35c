//! Tables of finance that other modules call into, of spending before the law, and of templates.

diesel::table! {
    port_calls (id) {
        id -> BigInt,
        agency_id -> BigInt,
        module -> Text,
        key -> Text,
        operation -> Text,
        request_hash -> Text,
        answer -> Nullable<BigInt>,
        record_id -> BigInt,
        entry_id -> Nullable<BigInt>,
        effective_on -> Date,
        called_by -> BigInt,
        called_at -> Timestamp,
        answered -> Bool,
        whole -> Bool,
    }
}

diesel::table! {
    port_holds (id) {
        id -> BigInt,
        agency_id -> BigInt,
        year_id -> BigInt,
        module -> Text,
        kind -> Text,
        call_id -> BigInt,
        record_id -> BigInt,
        from_id -> Nullable<BigInt>,
        draws -> BigInt,
    }
}

diesel::table! {
    port_hold_lines (hold_id, key_id) {
        hold_id -> BigInt,
        key_id -> BigInt,
        agency_id -> BigInt,
        amount -> BigInt,
        open -> BigInt,
    }
}

diesel::table! {
    port_vouchers (document_id) {
        document_id -> BigInt,
        agency_id -> BigInt,
        call_id -> BigInt,
        hold_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    provisional_rules (id) {
        id -> BigInt,
        agency_id -> BigInt,
        year -> Integer,
        allowed -> Bool,
        parts -> Integer,
        reference -> Text,
        active_from -> Date,
        active_to -> Nullable<Date>,
        version -> BigInt,
    }
}

diesel::table! {
    provisional_documents (record_id) {
        record_id -> BigInt,
        agency_id -> BigInt,
        year_id -> BigInt,
        rule_id -> BigInt,
        through_month -> Integer,
        replaced_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    voucher_templates (id) {
        id -> BigInt,
        agency_id -> BigInt,
        name -> Text,
        fold -> Text,
        kind -> Text,
        content -> Text,
        active -> Bool,
        owner_id -> BigInt,
        every -> Nullable<Text>,
        day -> Nullable<Integer>,
        starts_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        paused -> Bool,
        next_on -> Nullable<Date>,
        problem -> Text,
        problem_at -> Nullable<Timestamp>,
        created_by -> BigInt,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    template_drafts (template_id, due_on) {
        template_id -> BigInt,
        due_on -> Date,
        record_id -> BigInt,
        made_at -> Timestamp,
    }
}
