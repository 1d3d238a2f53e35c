//! Tables of tarasol. Column rules live in the migrations; the parity test compares the two.

diesel::table! {
    letterheads (id) {
        id -> BigInt,
        agency_id -> BigInt,
        unit_id -> Nullable<BigInt>,
        lines_ar -> Text,
        lines_en -> Text,
        footer_ar -> Text,
        footer_en -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    letter_templates (id) {
        id -> BigInt,
        agency_id -> Nullable<BigInt>,
        form -> Text,
        name_ar -> Text,
        name_en -> Text,
        lang -> Text,
        subject -> Text,
        body -> Text,
        active -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    letters (record_id) {
        record_id -> BigInt,
        agency_id -> BigInt,
        direction -> Text,
        form -> Text,
        lang -> Text,
        counterpart_id -> Nullable<BigInt>,
        addressee -> Text,
        body -> Text,
        body_text -> Text,
        letterhead -> Nullable<Text>,
        reply_due_days -> Nullable<Integer>,
        in_reply_to -> Nullable<BigInt>,
        their_number -> Nullable<Text>,
        their_date -> Nullable<Date>,
        signatory_position_id -> Nullable<BigInt>,
        signed_by -> Nullable<BigInt>,
        signed_for -> Nullable<BigInt>,
        signed_at -> Nullable<Timestamp>,
        received_at -> Nullable<Timestamp>,
        registered_at -> Nullable<Timestamp>,
        registered_by -> Nullable<BigInt>,
        answered_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    letter_recipients (id) {
        id -> BigInt,
        record_id -> BigInt,
        seq -> Integer,
        agency_id -> Nullable<BigInt>,
        unit_id -> Nullable<BigInt>,
        role -> Text,
        purpose -> Nullable<Text>,
    }
}

diesel::table! {
    deliveries (id) {
        id -> BigInt,
        record_id -> BigInt,
        from_agency_id -> BigInt,
        to_agency_id -> BigInt,
        role -> Text,
        incoming_record_id -> Nullable<BigInt>,
        state -> Text,
        their_number -> Nullable<Text>,
        reason -> Nullable<Text>,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    delivery_events (id) {
        id -> BigInt,
        delivery_id -> BigInt,
        kind -> Text,
        at -> Timestamp,
        user_id -> Nullable<BigInt>,
        note -> Nullable<Text>,
    }
}
