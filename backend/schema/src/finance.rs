//! Tables of finance. Column rules live in the migrations; the parity test compares the two.

diesel::table! {
    fiscal_years (id) {
        id -> BigInt,
        agency_id -> BigInt,
        year -> Integer,
        starts_on -> Date,
        ends_on -> Date,
        version -> BigInt,
    }
}

diesel::table! {
    fiscal_periods (id) {
        id -> BigInt,
        year_id -> BigInt,
        agency_id -> BigInt,
        number -> Integer,
        starts_on -> Date,
        ends_on -> Date,
        state -> Text,
        root -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    period_kinds (period_id, kind) {
        period_id -> BigInt,
        kind -> Text,
        closed_by -> BigInt,
        closed_at -> Timestamp,
    }
}

diesel::table! {
    period_reopenings (id) {
        id -> BigInt,
        period_id -> BigInt,
        reason -> Text,
        opened_by -> BigInt,
        opened_at -> Timestamp,
        until_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    accounts (id) {
        id -> BigInt,
        agency_id -> BigInt,
        parent_id -> Nullable<BigInt>,
        code -> Text,
        name_ar -> Text,
        name_en -> Text,
        side -> Text,
        posting -> Bool,
        gfsm -> Text,
        currency -> Nullable<Text>,
        budgeted -> Bool,
        needs_party -> Bool,
        needs_centre -> Bool,
        active_from -> Date,
        active_to -> Nullable<Date>,
        version -> BigInt,
    }
}

diesel::table! {
    parties (id) {
        id -> BigInt,
        agency_id -> BigInt,
        kind -> Text,
        code -> Text,
        name_ar -> Text,
        name_en -> Text,
        fold -> Text,
        tax_number -> Text,
        national_number -> Text,
        iban -> Text,
        user_id -> Nullable<BigInt>,
        active -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    cost_centres (id) {
        id -> BigInt,
        agency_id -> BigInt,
        code -> Text,
        name_ar -> Text,
        name_en -> Text,
        active -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    segments (id) {
        id -> BigInt,
        agency_id -> BigInt,
        kind -> Text,
        parent_id -> Nullable<BigInt>,
        code -> Text,
        name_ar -> Text,
        name_en -> Text,
        posting -> Bool,
        gfsm -> Text,
        cofog -> Text,
        active_from -> Date,
        active_to -> Nullable<Date>,
        version -> BigInt,
    }
}

diesel::table! {
    control_levels (year_id, kind) {
        year_id -> BigInt,
        kind -> Text,
        depth -> Integer,
    }
}

diesel::table! {
    budget_lines (id) {
        id -> BigInt,
        agency_id -> BigInt,
        year_id -> BigInt,
        code -> Text,
        seq -> BigInt,
        revised -> BigInt,
        unallotted -> BigInt,
        frozen -> BigInt,
        available -> BigInt,
        pre_committed -> BigInt,
        committed -> BigInt,
        obligated -> BigInt,
        paid -> BigInt,
    }
}

diesel::table! {
    budget_keys (id) {
        id -> BigInt,
        agency_id -> BigInt,
        year_id -> BigInt,
        line_id -> BigInt,
        chapter_id -> BigInt,
        programme_id -> BigInt,
        activity_id -> BigInt,
        fund_id -> BigInt,
        location_id -> BigInt,
        item_id -> BigInt,
        code -> Text,
        gfsm -> Text,
        cofog -> Text,
    }
}

diesel::table! {
    entries (id) {
        id -> BigInt,
        agency_id -> BigInt,
        period_id -> BigInt,
        record_id -> BigInt,
        kind -> Text,
        effective_on -> Date,
        recorded_at -> Timestamp,
        recorded_by -> BigInt,
        reverses_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    entry_lines (entry_id, seq) {
        entry_id -> BigInt,
        seq -> Integer,
        agency_id -> BigInt,
        period_id -> BigInt,
        effective_on -> Date,
        account_id -> BigInt,
        key_id -> Nullable<BigInt>,
        party_id -> Nullable<BigInt>,
        centre_id -> Nullable<BigInt>,
        currency -> Text,
        debit -> BigInt,
        credit -> BigInt,
        base_debit -> BigInt,
        base_credit -> BigInt,
        note -> Text,
    }
}

diesel::table! {
    posted_entries (entry_id) {
        entry_id -> BigInt,
        lines -> Integer,
        total -> BigInt,
    }
}

diesel::table! {
    period_balances (period_id, account_id, key_id, party_id, centre_id, currency) {
        period_id -> BigInt,
        account_id -> BigInt,
        key_id -> BigInt,
        party_id -> BigInt,
        centre_id -> BigInt,
        currency -> Text,
        debit -> BigInt,
        credit -> BigInt,
        base_debit -> BigInt,
        base_credit -> BigInt,
    }
}

diesel::table! {
    budget_moves (id) {
        id -> BigInt,
        line_id -> BigInt,
        seq -> BigInt,
        prev_seq -> Nullable<BigInt>,
        kind -> Text,
        source -> Text,
        target -> Text,
        amount -> BigInt,
        key_id -> Nullable<BigInt>,
        record_id -> Nullable<BigInt>,
        entry_id -> Nullable<BigInt>,
        effective_on -> Date,
        recorded_at -> Timestamp,
        recorded_by -> BigInt,
        before_unallotted -> BigInt,
        before_frozen -> BigInt,
        before_available -> BigInt,
        before_pre_committed -> BigInt,
        before_committed -> BigInt,
        before_obligated -> BigInt,
        before_paid -> BigInt,
        after_unallotted -> BigInt,
        after_frozen -> BigInt,
        after_available -> BigInt,
        after_pre_committed -> BigInt,
        after_committed -> BigInt,
        after_obligated -> BigInt,
        after_paid -> BigInt,
    }
}

diesel::table! {
    currencies (code) {
        code -> Text,
        scale -> Integer,
        name_ar -> Text,
        name_en -> Text,
    }
}

diesel::table! {
    rates (id) {
        id -> BigInt,
        agency_id -> BigInt,
        currency -> Text,
        day -> Date,
        rate -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    bank_accounts (id) {
        id -> BigInt,
        agency_id -> BigInt,
        account_id -> BigInt,
        code -> Text,
        name_ar -> Text,
        name_en -> Text,
        bic -> Text,
        number -> Text,
        iban -> Text,
        currency -> Text,
        active -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    authority_limits (id) {
        id -> BigInt,
        agency_id -> BigInt,
        user_id -> BigInt,
        kind -> Text,
        amount -> BigInt,
        active_from -> Date,
        active_to -> Nullable<Date>,
        reference -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    virement_rules (id) {
        id -> BigInt,
        agency_id -> BigInt,
        from_item -> Text,
        to_item -> Text,
        allowed -> Bool,
        percent -> Nullable<Integer>,
        reference -> Text,
        active_from -> Date,
        active_to -> Nullable<Date>,
        version -> BigInt,
    }
}

diesel::table! {
    finance_documents (record_id) {
        record_id -> BigInt,
        agency_id -> BigInt,
        year_id -> BigInt,
        kind -> Text,
        effective_on -> Date,
        complementary -> Bool,
        currency -> Text,
        rate -> BigInt,
        amount -> BigInt,
        base_amount -> BigInt,
        party_id -> Nullable<BigInt>,
        counter_id -> Nullable<BigInt>,
        source_id -> Nullable<BigInt>,
        reference -> Text,
        reference_on -> Nullable<Date>,
        invoice_key -> Nullable<Text>,
        method -> Text,
        round -> Integer,
        to_settle -> BigInt,
        to_pay -> BigInt,
        entry_id -> Nullable<BigInt>,
        posted_at -> Nullable<Timestamp>,
        reverses_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    finance_lines (record_id, seq) {
        record_id -> BigInt,
        seq -> Integer,
        agency_id -> BigInt,
        account_id -> Nullable<BigInt>,
        key_id -> Nullable<BigInt>,
        party_id -> Nullable<BigInt>,
        centre_id -> Nullable<BigInt>,
        side -> Text,
        amount -> BigInt,
        base_amount -> BigInt,
        open -> BigInt,
        note -> Text,
    }
}

diesel::table! {
    commitment_slices (record_id, year) {
        record_id -> BigInt,
        year -> Integer,
        amount -> BigInt,
    }
}

diesel::table! {
    finance_approvals (record_id, round, duty, user_id) {
        record_id -> BigInt,
        round -> Integer,
        duty -> Text,
        user_id -> BigInt,
        on_behalf_of -> Nullable<BigInt>,
        on_day -> Date,
        done_at -> Timestamp,
    }
}

diesel::table! {
    line_cash (line_id) {
        line_id -> BigInt,
        released -> BigInt,
        used -> BigInt,
    }
}
