CREATE TABLE letterheads (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    unit_id BIGINT REFERENCES units (id),
    lines_ar TEXT NOT NULL,
    lines_en TEXT NOT NULL,
    footer_ar TEXT NOT NULL,
    footer_en TEXT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX letterheads_unit ON letterheads (agency_id, COALESCE(unit_id, 0));

CREATE TABLE letter_templates (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT REFERENCES agencies (id),
    form TEXT NOT NULL CHECK (form IN ('letter', 'circular', 'internal_memo', 'decision')),
    name_ar TEXT NOT NULL,
    name_en TEXT NOT NULL,
    lang TEXT NOT NULL CHECK (lang IN ('ar', 'en')),
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX letter_templates_agency ON letter_templates (agency_id);

CREATE TABLE letters (
    record_id BIGINT NOT NULL PRIMARY KEY REFERENCES records (id),
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    direction TEXT NOT NULL CHECK (direction IN ('outgoing', 'incoming', 'internal_memo')),
    form TEXT NOT NULL CHECK (form IN ('letter', 'circular', 'internal_memo', 'decision')),
    lang TEXT NOT NULL CHECK (lang IN ('ar', 'en')),
    counterpart_id BIGINT REFERENCES agencies (id),
    addressee TEXT NOT NULL,
    body TEXT NOT NULL,
    body_text TEXT NOT NULL,
    letterhead TEXT,
    reply_due_days INTEGER CHECK (reply_due_days > 0),
    in_reply_to BIGINT REFERENCES records (id),
    their_number TEXT,
    their_date DATE,
    signatory_position_id BIGINT REFERENCES positions (id),
    signed_by BIGINT REFERENCES users (id),
    signed_for BIGINT REFERENCES users (id),
    signed_at TIMESTAMP,
    received_at TIMESTAMP,
    registered_at TIMESTAMP,
    registered_by BIGINT REFERENCES users (id),
    answered_at TIMESTAMP
);
CREATE INDEX letters_list ON letters (agency_id, direction, record_id);
CREATE INDEX letters_received ON letters (agency_id, direction, received_at, record_id);
CREATE INDEX letters_counterpart ON letters (agency_id, direction, counterpart_id, record_id);
CREATE INDEX letters_their_number ON letters (agency_id, their_number);
CREATE INDEX letters_reply ON letters (in_reply_to);

CREATE TABLE letter_recipients (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    record_id BIGINT NOT NULL REFERENCES records (id),
    seq INTEGER NOT NULL,
    agency_id BIGINT REFERENCES agencies (id),
    unit_id BIGINT REFERENCES units (id),
    role TEXT NOT NULL CHECK (role IN ('to', 'copy')),
    purpose TEXT CHECK (purpose IN ('for_information', 'for_action', 'for_reply', 'for_study', 'for_study_and_reply', 'for_filing', 'for_follow_up')),
    UNIQUE (record_id, seq),
    CHECK (agency_id IS NOT NULL OR unit_id IS NOT NULL)
);

CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    record_id BIGINT NOT NULL REFERENCES records (id),
    from_agency_id BIGINT NOT NULL REFERENCES agencies (id),
    to_agency_id BIGINT NOT NULL REFERENCES agencies (id),
    role TEXT NOT NULL CHECK (role IN ('to', 'copy')),
    incoming_record_id BIGINT UNIQUE REFERENCES records (id),
    state TEXT NOT NULL CHECK (state IN ('delivered', 'opened', 'registered', 'refused', 'recalled')),
    their_number TEXT,
    reason TEXT,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (record_id, to_agency_id)
);
CREATE INDEX deliveries_to ON deliveries (to_agency_id, state);

CREATE TABLE delivery_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    delivery_id BIGINT NOT NULL REFERENCES deliveries (id),
    kind TEXT NOT NULL CHECK (kind IN ('delivered', 'opened', 'registered', 'refused', 'recalled')),
    at TIMESTAMP NOT NULL,
    user_id BIGINT REFERENCES users (id),
    note TEXT
);
CREATE INDEX delivery_events_delivery ON delivery_events (delivery_id, id);

-- A signed letter's words are fixed.
CREATE TRIGGER letters_fixed BEFORE UPDATE ON letters
    WHEN OLD.signed_at IS NOT NULL AND (OLD.body <> NEW.body OR OLD.body_text <> NEW.body_text OR OLD.addressee <> NEW.addressee
        OR NEW.signed_at IS NULL OR OLD.signed_at <> NEW.signed_at)
    BEGIN SELECT RAISE(ABORT, 'immutable: letters'); END;
CREATE TRIGGER letters_kept BEFORE DELETE ON letters WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'immutable: letters'); END;
CREATE TRIGGER delivery_events_immutable_u BEFORE UPDATE ON delivery_events BEGIN SELECT RAISE(ABORT, 'immutable: delivery_events'); END;
CREATE TRIGGER delivery_events_immutable_d BEFORE DELETE ON delivery_events BEGIN SELECT RAISE(ABORT, 'immutable: delivery_events'); END;
