//! Tables of finance: the budget ledger and the general ledger.

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
    line_cash (line_id) {
        line_id -> BigInt,
        released -> BigInt,
        used -> BigInt,
        ordered -> BigInt,
    }
}

diesel::table! {
    line_cash_freed (record_id, line_id) {
        record_id -> BigInt,
        line_id -> BigInt,
        amount -> BigInt,
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
