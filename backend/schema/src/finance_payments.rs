//! Tables of payments: runs, cheques, cash, remittances. Column rules live in the migrations; the parity test compares the two.

diesel::table! {
    payment_runs (record_id) {
        record_id -> BigInt,
        agency_id -> BigInt,
        bank_account_id -> BigInt,
        currency -> Text,
        pay_on -> Date,
        state -> Text,
        items -> BigInt,
        last_seq -> BigInt,
        amount -> BigInt,
        base_amount -> BigInt,
        prepared_by -> BigInt,
        approved_by -> Nullable<BigInt>,
        approved_on -> Nullable<Date>,
        approved_at -> Nullable<Timestamp>,
        sent_by -> Nullable<BigInt>,
        sent_at -> Nullable<Timestamp>,
        file_hash -> Nullable<Text>,
        csv_hash -> Nullable<Text>,
        reason -> Text,
    }
}

diesel::table! {
    payment_items (id) {
        id -> BigInt,
        run_id -> BigInt,
        agency_id -> BigInt,
        seq -> BigInt,
        state -> Text,
        document_id -> BigInt,
        payee -> Text,
        iban -> Text,
        amount -> BigInt,
        base_amount -> BigInt,
        end_to_end -> Text,
        fold -> Text,
        added_by -> BigInt,
        executed_on -> Nullable<Date>,
        entry_id -> Nullable<BigInt>,
        entry_seq -> Nullable<Integer>,
        failed_on -> Nullable<Date>,
        return_entry_id -> Nullable<BigInt>,
        return_seq -> Nullable<Integer>,
        reason -> Text,
    }
}

diesel::table! {
    cheque_books (id) {
        id -> BigInt,
        agency_id -> BigInt,
        bank_account_id -> BigInt,
        series -> Text,
        first_number -> BigInt,
        last_number -> BigInt,
        next_number -> BigInt,
        closed -> Text,
        added_by -> BigInt,
        added_at -> Timestamp,
    }
}

diesel::table! {
    cheques (id) {
        id -> BigInt,
        agency_id -> BigInt,
        book_id -> BigInt,
        bank_account_id -> BigInt,
        series -> Text,
        number -> BigInt,
        state -> Text,
        document_id -> Nullable<BigInt>,
        payee -> Text,
        fold -> Text,
        currency -> Text,
        amount -> BigInt,
        base_amount -> BigInt,
        issued_on -> Date,
        issued_by -> BigInt,
        issued_at -> Timestamp,
        handed_on -> Nullable<Date>,
        handed_to -> Text,
        ended_on -> Nullable<Date>,
        reason -> Text,
        entry_id -> Nullable<BigInt>,
        entry_seq -> Nullable<Integer>,
        return_entry_id -> Nullable<BigInt>,
        return_seq -> Nullable<Integer>,
    }
}

diesel::table! {
    cash_payments (id) {
        id -> BigInt,
        agency_id -> BigInt,
        bank_account_id -> BigInt,
        number -> BigInt,
        state -> Text,
        document_id -> BigInt,
        payee -> Text,
        taken_by -> Text,
        identity -> Text,
        note -> Text,
        fold -> Text,
        currency -> Text,
        amount -> BigInt,
        base_amount -> BigInt,
        paid_on -> Date,
        paid_by -> BigInt,
        paid_at -> Timestamp,
        entry_id -> BigInt,
        entry_seq -> Integer,
        ended_on -> Nullable<Date>,
        ended_by -> Nullable<BigInt>,
        reason -> Text,
        return_entry_id -> Nullable<BigInt>,
        return_seq -> Nullable<Integer>,
    }
}

diesel::table! {
    remittances (document_id) {
        document_id -> BigInt,
        agency_id -> BigInt,
        account_id -> BigInt,
        party_id -> Nullable<BigInt>,
        month -> Date,
        made_by -> BigInt,
        made_at -> Timestamp,
    }
}
