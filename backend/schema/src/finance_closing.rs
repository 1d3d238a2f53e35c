//! Tables of finance: closing rules, sign-offs, seals of periods, the end of years.

diesel::table! {
    closing_rules (id) {
        id -> BigInt,
        agency_id -> BigInt,
        kind -> Text,
        code -> Text,
        name_ar -> Text,
        name_en -> Text,
        permission -> Text,
        other_person -> Bool,
        account_id -> Nullable<BigInt>,
        active_from -> Date,
        active_to -> Nullable<Date>,
        version -> BigInt,
    }
}

diesel::table! {
    period_sign_offs (id) {
        id -> BigInt,
        period_id -> BigInt,
        agency_id -> BigInt,
        rule_id -> BigInt,
        entries -> BigInt,
        reopenings -> BigInt,
        note -> Text,
        signed_by -> BigInt,
        signed_at -> Timestamp,
    }
}

diesel::table! {
    period_acceptances (id) {
        id -> BigInt,
        period_id -> BigInt,
        agency_id -> BigInt,
        finding -> Text,
        count -> BigInt,
        amount -> BigInt,
        reason -> Text,
        accepted_by -> BigInt,
        accepted_at -> Timestamp,
    }
}

diesel::table! {
    period_seals (period_id) {
        period_id -> BigInt,
        agency_id -> BigInt,
        seq -> BigInt,
        prev_seq -> Nullable<BigInt>,
        prev_root -> Nullable<Text>,
        root -> Text,
        entries -> BigInt,
        statement -> Text,
        key_id -> BigInt,
        signature -> Text,
        blob_hash -> Text,
        sealed_by -> BigInt,
        sealed_at -> Timestamp,
    }
}

diesel::table! {
    year_ends (year_id) {
        year_id -> BigInt,
        agency_id -> BigInt,
        state -> Text,
        surplus_account_id -> BigInt,
        surplus -> Nullable<BigInt>,
        open_amount -> Nullable<BigInt>,
        prepared_by -> Nullable<BigInt>,
        prepared_at -> Nullable<Timestamp>,
        confirmed_by -> Nullable<BigInt>,
        confirmed_at -> Nullable<Timestamp>,
        record_id -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    year_end_commitments (record_id) {
        record_id -> BigInt,
        year_id -> BigInt,
        agency_id -> BigInt,
        decision -> Text,
        reason -> Text,
        decided_by -> BigInt,
        decided_at -> Timestamp,
        amount -> Nullable<BigInt>,
        carried_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    year_end_holds (hold_id) {
        hold_id -> BigInt,
        year_id -> BigInt,
        agency_id -> BigInt,
        decision -> Text,
        reason -> Text,
        decided_by -> BigInt,
        decided_at -> Timestamp,
        amount -> Nullable<BigInt>,
        carried_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    opening_balances (year_id, account_id, key_id, party_id, centre_id, currency) {
        year_id -> BigInt,
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
