-- People and rights -----------------------------------------------------------------------------

CREATE TABLE agencies (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    parent_id BIGINT REFERENCES agencies (id),
    code TEXT NOT NULL UNIQUE,
    name_ar TEXT NOT NULL,
    name_en TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('ministry', 'department', 'institution', 'commission', 'court', 'municipality')),
    addressee_ar TEXT NOT NULL,
    addressee_en TEXT NOT NULL,
    email TEXT,
    active BOOLEAN NOT NULL,
    fold TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX agencies_parent ON agencies (parent_id);

CREATE TABLE units (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    parent_id BIGINT REFERENCES units (id),
    code TEXT NOT NULL,
    name_ar TEXT NOT NULL,
    name_en TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('office', 'directorate', 'department', 'section', 'branch')),
    active BOOLEAN NOT NULL,
    fold TEXT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (agency_id, code)
);
CREATE INDEX units_parent ON units (parent_id);

CREATE TABLE positions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    unit_id BIGINT NOT NULL REFERENCES units (id),
    title_ar TEXT NOT NULL,
    title_en TEXT NOT NULL,
    is_head BOOLEAN NOT NULL,
    can_sign BOOLEAN NOT NULL,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX positions_unit ON positions (unit_id);

CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    username TEXT NOT NULL UNIQUE,
    name_ar TEXT NOT NULL,
    name_en TEXT NOT NULL,
    email TEXT,
    password_hash TEXT NOT NULL,
    password_changed_at TIMESTAMP NOT NULL,
    must_change BOOLEAN NOT NULL,
    failed_count INTEGER NOT NULL CHECK (failed_count >= 0),
    locked_until TIMESTAMP,
    totp_secret BLOB,
    totp_last_step BIGINT,
    clearance TEXT NOT NULL CHECK (clearance IN ('normal', 'restricted', 'secret', 'top_secret')),
    lang TEXT NOT NULL CHECK (lang IN ('ar', 'en')),
    theme TEXT NOT NULL CHECK (theme IN ('system', 'light', 'dark')),
    active BOOLEAN NOT NULL,
    last_login_at TIMESTAMP,
    fold TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX users_agency ON users (agency_id, username);

CREATE TABLE user_caveats (
    user_id BIGINT NOT NULL REFERENCES users (id),
    caveat TEXT NOT NULL CHECK (caveat IN ('personal', 'sealed_envelope')),
    PRIMARY KEY (user_id, caveat)
);

CREATE TABLE holdings (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    position_id BIGINT NOT NULL REFERENCES positions (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    from_date DATE NOT NULL,
    to_date DATE,
    CHECK (to_date IS NULL OR to_date >= from_date)
);
CREATE INDEX holdings_user ON holdings (user_id);
CREATE INDEX holdings_position ON holdings (position_id);

CREATE TABLE roles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT REFERENCES agencies (id),
    code TEXT NOT NULL,
    name_ar TEXT NOT NULL,
    name_en TEXT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (agency_id, code)
);

CREATE TABLE role_permissions (
    role_id BIGINT NOT NULL REFERENCES roles (id),
    permission TEXT NOT NULL,
    PRIMARY KEY (role_id, permission)
);

CREATE TABLE user_roles (
    user_id BIGINT NOT NULL REFERENCES users (id),
    role_id BIGINT NOT NULL REFERENCES roles (id),
    PRIMARY KEY (user_id, role_id)
);
CREATE INDEX user_roles_role ON user_roles (role_id);

CREATE TABLE delegations (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    from_user_id BIGINT NOT NULL REFERENCES users (id),
    to_user_id BIGINT NOT NULL REFERENCES users (id),
    scope TEXT NOT NULL CHECK (scope IN ('all', 'review', 'sign')),
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    reason TEXT NOT NULL,
    created_by BIGINT NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP,
    CHECK (ends_on >= starts_on),
    CHECK (from_user_id <> to_user_id)
);
CREATE INDEX delegations_to ON delegations (to_user_id, ends_on);
CREATE INDEX delegations_from ON delegations (from_user_id, ends_on);

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    user_id BIGINT NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL,
    last_seen_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    awaits_totp BOOLEAN NOT NULL,
    revoked_at TIMESTAMP
);
CREATE INDEX sessions_user ON sessions (user_id, created_at);

CREATE TABLE settings (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT REFERENCES agencies (id),
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    valid_from DATE NOT NULL
);
CREATE UNIQUE INDEX settings_key ON settings (key, valid_from, COALESCE(agency_id, 0));

-- The record spine ------------------------------------------------------------------------------

CREATE TABLE registers (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    code TEXT NOT NULL,
    name_ar TEXT NOT NULL,
    name_en TEXT NOT NULL,
    pattern TEXT NOT NULL,
    UNIQUE (agency_id, code)
);

CREATE TABLE counters (
    register_id BIGINT NOT NULL REFERENCES registers (id),
    year INTEGER NOT NULL,
    last_seq BIGINT NOT NULL CHECK (last_seq >= 0),
    PRIMARY KEY (register_id, year)
);

CREATE TABLE records (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    unit_id BIGINT REFERENCES units (id),
    kind TEXT NOT NULL CHECK (kind IN ('outgoing', 'incoming', 'internal_memo', 'document')),
    number TEXT,
    subject TEXT NOT NULL,
    party TEXT NOT NULL,
    fold TEXT NOT NULL,
    state TEXT NOT NULL,
    secrecy TEXT NOT NULL CHECK (secrecy IN ('normal', 'restricted', 'secret', 'top_secret')),
    priority TEXT NOT NULL CHECK (priority IN ('normal', 'urgent', 'very_urgent', 'immediate')),
    due_on DATE,
    class_code TEXT,
    created_by BIGINT NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    issued_at TIMESTAMP,
    closed_at TIMESTAMP,
    version BIGINT NOT NULL
);
CREATE INDEX records_list ON records (agency_id, kind, id);
CREATE INDEX records_state ON records (agency_id, kind, state, id);
CREATE INDEX records_due ON records (agency_id, kind, due_on, id);
CREATE INDEX records_number ON records (agency_id, number);

CREATE TABLE numbers (
    register_id BIGINT NOT NULL REFERENCES registers (id),
    year INTEGER NOT NULL,
    seq BIGINT NOT NULL CHECK (seq > 0),
    record_id BIGINT NOT NULL UNIQUE REFERENCES records (id),
    display TEXT NOT NULL,
    taken_at TIMESTAMP NOT NULL,
    taken_by BIGINT NOT NULL REFERENCES users (id),
    voided_at TIMESTAMP,
    voided_by BIGINT REFERENCES users (id),
    void_reason TEXT,
    PRIMARY KEY (register_id, year, seq),
    CHECK ((voided_at IS NULL) = (void_reason IS NULL))
);

CREATE TABLE record_access (
    record_id BIGINT NOT NULL REFERENCES records (id),
    principal TEXT NOT NULL,
    PRIMARY KEY (record_id, principal)
);
CREATE INDEX record_access_principal ON record_access (principal, record_id);

CREATE TABLE record_caveats (
    record_id BIGINT NOT NULL REFERENCES records (id),
    caveat TEXT NOT NULL CHECK (caveat IN ('personal', 'sealed_envelope')),
    PRIMARY KEY (record_id, caveat)
);

CREATE TABLE record_links (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    from_record_id BIGINT NOT NULL REFERENCES records (id),
    to_record_id BIGINT NOT NULL REFERENCES records (id),
    kind TEXT NOT NULL CHECK (kind IN ('reply_to', 'delivered_as', 'relates_to', 'reminder_of', 'cancels')),
    created_by BIGINT NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL,
    UNIQUE (from_record_id, to_record_id, kind),
    CHECK (from_record_id <> to_record_id)
);
CREATE INDEX record_links_to ON record_links (to_record_id);

CREATE TABLE blobs (
    hash TEXT NOT NULL PRIMARY KEY CHECK (length(hash) = 64),
    size BIGINT NOT NULL CHECK (size >= 0),
    media_type TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE extracts (
    blob_hash TEXT NOT NULL PRIMARY KEY REFERENCES blobs (hash),
    state TEXT NOT NULL CHECK (state IN ('pending', 'text', 'no_text', 'refused')),
    reason TEXT,
    pages INTEGER,
    parts TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

CREATE TABLE attachments (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    record_id BIGINT NOT NULL REFERENCES records (id),
    blob_hash TEXT NOT NULL REFERENCES blobs (hash),
    file_name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL CHECK (size >= 0),
    role TEXT NOT NULL CHECK (role IN ('attachment', 'print')),
    version_no INTEGER NOT NULL CHECK (version_no > 0),
    replaces_id BIGINT REFERENCES attachments (id),
    created_by BIGINT REFERENCES users (id),
    created_at TIMESTAMP NOT NULL,
    removed_at TIMESTAMP
);
CREATE INDEX attachments_record ON attachments (record_id);
CREATE INDEX attachments_blob ON attachments (blob_hash);

CREATE TABLE notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    record_id BIGINT NOT NULL REFERENCES records (id),
    kind TEXT NOT NULL CHECK (kind IN ('comment', 'direction')),
    author_id BIGINT NOT NULL REFERENCES users (id),
    on_behalf_of BIGINT REFERENCES users (id),
    position_id BIGINT REFERENCES positions (id),
    body TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX notes_record ON notes (record_id, id);

CREATE TABLE tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    record_id BIGINT NOT NULL REFERENCES records (id),
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    kind TEXT NOT NULL CHECK (kind IN ('review', 'approve', 'opinion', 'sign', 'register', 'referral', 'correct')),
    step INTEGER,
    step_mode TEXT CHECK (step_mode IN ('any', 'all')),
    assignee_kind TEXT NOT NULL CHECK (assignee_kind IN ('user', 'position', 'unit')),
    assignee_id BIGINT NOT NULL,
    instruction TEXT CHECK (instruction IN ('for_information', 'for_action', 'for_reply', 'for_study', 'for_study_and_reply', 'for_filing', 'for_follow_up')),
    note TEXT,
    created_by BIGINT NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL,
    due_on DATE,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'cancelled')),
    opened_at TIMESTAMP,
    done_at TIMESTAMP,
    done_by BIGINT REFERENCES users (id),
    done_for BIGINT REFERENCES users (id),
    outcome TEXT CHECK (outcome IN ('approved', 'returned', 'rejected', 'signed', 'registered', 'done', 'answered', 'refused')),
    outcome_note TEXT,
    CHECK ((state = 'done') = (done_at IS NOT NULL))
);
CREATE INDEX tasks_work ON tasks (assignee_kind, assignee_id, state, due_on);
CREATE INDEX tasks_record ON tasks (record_id, id);

CREATE TABLE approval_routes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    record_kind TEXT NOT NULL,
    unit_id BIGINT REFERENCES units (id),
    name_ar TEXT NOT NULL,
    name_en TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX approval_routes_kind ON approval_routes (agency_id, record_kind);

CREATE TABLE approval_steps (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    route_id BIGINT NOT NULL REFERENCES approval_routes (id),
    step INTEGER NOT NULL CHECK (step > 0),
    mode TEXT NOT NULL CHECK (mode IN ('any', 'all')),
    task_kind TEXT NOT NULL CHECK (task_kind IN ('review', 'approve', 'opinion', 'sign')),
    assignee_kind TEXT NOT NULL CHECK (assignee_kind IN ('user', 'position', 'unit', 'head_of_unit', 'head_of_parent')),
    assignee_id BIGINT,
    due_days INTEGER CHECK (due_days > 0),
    CHECK ((assignee_id IS NULL) = (assignee_kind IN ('head_of_unit', 'head_of_parent')))
);
CREATE INDEX approval_steps_route ON approval_steps (route_id, step);

CREATE TABLE holidays (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT REFERENCES agencies (id),
    day DATE NOT NULL,
    name_ar TEXT NOT NULL,
    name_en TEXT NOT NULL
);
CREATE UNIQUE INDEX holidays_day ON holidays (day, COALESCE(agency_id, 0));

CREATE TABLE notifications (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id),
    record_id BIGINT REFERENCES records (id),
    kind TEXT NOT NULL,
    args TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    read_at TIMESTAMP
);
CREATE INDEX notifications_user ON notifications (user_id, id);
CREATE INDEX notifications_unread ON notifications (user_id, read_at);

CREATE TABLE drafts (
    user_id BIGINT NOT NULL REFERENCES users (id),
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, key)
);

-- Trust: keys, seals, audit ---------------------------------------------------------------------

CREATE TABLE agency_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    certificate_pem TEXT NOT NULL,
    public_key_pem TEXT NOT NULL,
    private_key_sealed BLOB NOT NULL,
    created_at TIMESTAMP NOT NULL,
    retired_at TIMESTAMP
);
CREATE INDEX agency_keys_agency ON agency_keys (agency_id);

CREATE TABLE seals (
    record_id BIGINT NOT NULL PRIMARY KEY REFERENCES records (id),
    key_id BIGINT NOT NULL REFERENCES agency_keys (id),
    canonical TEXT NOT NULL,
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    signature TEXT NOT NULL,
    verify_code TEXT NOT NULL UNIQUE,
    sealed_at TIMESTAMP NOT NULL
);

CREATE TABLE audit_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT REFERENCES agencies (id),
    at TIMESTAMP NOT NULL,
    user_id BIGINT REFERENCES users (id),
    on_behalf_of BIGINT REFERENCES users (id),
    op TEXT NOT NULL,
    entity TEXT NOT NULL,
    entity_id BIGINT NOT NULL,
    record_id BIGINT REFERENCES records (id),
    before_hash TEXT,
    after_hash TEXT,
    detail TEXT NOT NULL,
    request_id TEXT NOT NULL,
    ip TEXT NOT NULL
);
CREATE INDEX audit_entries_record ON audit_entries (record_id, id);
CREATE INDEX audit_entries_agency ON audit_entries (agency_id, id);

CREATE TABLE audit_seals (
    chain_id BIGINT NOT NULL,
    seq BIGINT NOT NULL CHECK (seq > 0),
    audit_id BIGINT NOT NULL UNIQUE REFERENCES audit_entries (id),
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    sealed_at TIMESTAMP NOT NULL,
    PRIMARY KEY (chain_id, seq)
);

-- Work after commit -----------------------------------------------------------------------------

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    xid BIGINT NOT NULL DEFAULT 0,
    topic TEXT NOT NULL,
    agency_id BIGINT,
    record_id BIGINT,
    payload TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX outbox_order ON outbox (xid, id);

CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    priority INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ready', 'dead')),
    run_at TIMESTAMP NOT NULL,
    lease_owner TEXT,
    lease_until TIMESTAMP,
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    max_attempts INTEGER NOT NULL CHECK (max_attempts > 0),
    last_error TEXT,
    dedupe TEXT UNIQUE,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX jobs_ready ON jobs (state, priority, run_at);

CREATE TABLE idempotency (
    user_id BIGINT NOT NULL REFERENCES users (id),
    key TEXT NOT NULL,
    op TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    result TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, key)
);

-- What is written to the trail and the registers stays as it was written.
CREATE TRIGGER audit_entries_immutable_u BEFORE UPDATE ON audit_entries BEGIN SELECT RAISE(ABORT, 'immutable: audit_entries'); END;
CREATE TRIGGER audit_entries_immutable_d BEFORE DELETE ON audit_entries BEGIN SELECT RAISE(ABORT, 'immutable: audit_entries'); END;
CREATE TRIGGER audit_seals_immutable_u BEFORE UPDATE ON audit_seals BEGIN SELECT RAISE(ABORT, 'immutable: audit_seals'); END;
CREATE TRIGGER audit_seals_immutable_d BEFORE DELETE ON audit_seals BEGIN SELECT RAISE(ABORT, 'immutable: audit_seals'); END;
CREATE TRIGGER seals_immutable_u BEFORE UPDATE ON seals BEGIN SELECT RAISE(ABORT, 'immutable: seals'); END;
CREATE TRIGGER seals_immutable_d BEFORE DELETE ON seals BEGIN SELECT RAISE(ABORT, 'immutable: seals'); END;
CREATE TRIGGER numbers_kept BEFORE DELETE ON numbers BEGIN SELECT RAISE(ABORT, 'immutable: numbers'); END;
CREATE TRIGGER numbers_fixed BEFORE UPDATE ON numbers
    WHEN OLD.register_id <> NEW.register_id OR OLD.year <> NEW.year OR OLD.seq <> NEW.seq OR OLD.record_id <> NEW.record_id
        OR OLD.display <> NEW.display OR OLD.voided_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'immutable: numbers'); END;
