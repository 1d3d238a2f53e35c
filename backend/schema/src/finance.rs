//! Tables of finance. Column rules live in the migrations; the parity test compares the two.

pub use crate::{finance_bank::*, finance_closing::*, finance_ledger::*, finance_payments::*, finance_port::*};

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
        was -> Text,
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
        trust -> Bool,
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
        advance_limit -> Nullable<BigInt>,
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
    currencies (code) {
        code -> Text,
        scale -> Integer,
        name_ar -> Text,
        name_en -> Text,
        version -> BigInt,
        unit_ar -> Text,
        unit_en -> Text,
        fraction_ar -> Text,
        fraction_en -> Text,
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
        scope -> Text,
        permission -> Text,
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
    commitment_continuations (document_id) {
        document_id -> BigInt,
        agency_id -> BigInt,
        record_id -> BigInt,
    }
}

diesel::table! {
    finance_details (record_id) {
        record_id -> BigInt,
        agency_id -> BigInt,
        purchase_order -> Text,
        goods_receipt -> Text,
        requester -> Text,
        received_as -> Nullable<Text>,
        cheque_bank -> Text,
        cheque_no -> Text,
        cheque_on -> Nullable<Date>,
        reason -> Nullable<Text>,
        reverse_on -> Nullable<Date>,
        advance_kind -> Nullable<Text>,
        guarantor_id -> Nullable<BigInt>,
        legal_article -> Text,
        proof -> Text,
        order_kind -> Nullable<Text>,
        payer -> Text,
        deposit_slip -> Text,
    }
}

diesel::table! {
    finance_auto_reversals (record_id) {
        record_id -> BigInt,
        reversal_id -> Nullable<BigInt>,
        problem -> Text,
        tried_at -> Timestamp,
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
