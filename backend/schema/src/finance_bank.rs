//! Tables of finance: the bank, its statements and what is matched with the books.

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
        cash -> Bool,
    }
}

diesel::table! {
    bank_statements (id) {
        id -> BigInt,
        agency_id -> BigInt,
        bank_account_id -> BigInt,
        seq -> BigInt,
        prev_seq -> Nullable<BigInt>,
        number -> Text,
        bank_seq -> BigInt,
        starts_on -> Date,
        ends_on -> Date,
        currency -> Text,
        opening -> BigInt,
        closing -> BigInt,
        lines -> Integer,
        format -> Text,
        blob_hash -> Text,
        file_name -> Text,
        imported_by -> BigInt,
        imported_at -> Timestamp,
        loaded -> Bool,
        whole -> Bool,
    }
}

diesel::table! {
    bank_lines (id) {
        id -> BigInt,
        statement_id -> BigInt,
        bank_account_id -> BigInt,
        statement_seq -> BigInt,
        ordinal -> Integer,
        occurrence -> Integer,
        value_on -> Date,
        booked_on -> Date,
        incoming -> Bool,
        amount -> BigInt,
        matched -> BigInt,
        kind -> Text,
        reference -> Text,
        bank_reference -> Text,
        counterparty -> Text,
        counterparty_account -> Text,
        details -> Text,
        parts -> Text,
        reversal -> Bool,
        fold -> Text,
    }
}

diesel::table! {
    cleared_lines (entry_id, seq) {
        entry_id -> BigInt,
        seq -> Integer,
        amount -> BigInt,
        cleared -> BigInt,
    }
}

diesel::table! {
    bank_matches (id) {
        id -> BigInt,
        bank_account_id -> BigInt,
        line_id -> BigInt,
        entry_id -> BigInt,
        seq -> Integer,
        amount -> BigInt,
        rule -> Text,
        why -> Text,
        reconciliation_id -> Nullable<BigInt>,
        matched_by -> BigInt,
        matched_at -> Timestamp,
    }
}

diesel::table! {
    reconciliations (record_id) {
        record_id -> BigInt,
        agency_id -> BigInt,
        bank_account_id -> BigInt,
        last_seq -> BigInt,
        day -> Date,
        state -> Text,
        book_balance -> BigInt,
        bank_balance -> BigInt,
        bank_only -> BigInt,
        books_only -> BigInt,
        content -> Nullable<Text>,
        prepared_by -> BigInt,
        submitted_at -> Nullable<Timestamp>,
        approved_by -> Nullable<BigInt>,
        approved_at -> Nullable<Timestamp>,
        root -> Nullable<Text>,
    }
}
