-- Fiscal years (السنوات المالية) and their periods. Number 13 is the complementary period (الفترة التكميلية), with the last
-- day of the year for its days.
CREATE TABLE fiscal_years (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    year INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    version BIGINT NOT NULL,
    CHECK (starts_on < ends_on),
    UNIQUE (agency_id, year),
    UNIQUE (id, agency_id)
);

CREATE TABLE fiscal_periods (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    year_id BIGINT NOT NULL,
    agency_id BIGINT NOT NULL,
    number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 13),
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'soft_closed', 'closed', 'sealed')),
    root TEXT,
    version BIGINT NOT NULL,
    CHECK (starts_on <= ends_on),
    CHECK ((state = 'sealed') = (root IS NOT NULL)),
    UNIQUE (year_id, number),
    UNIQUE (id, agency_id),
    FOREIGN KEY (year_id, agency_id) REFERENCES fiscal_years (id, agency_id)
);
CREATE INDEX fiscal_periods_days ON fiscal_periods (agency_id, starts_on, number);

-- Kinds of documents that a period takes no more, before it is closed as a whole.
CREATE TABLE period_kinds (
    period_id BIGINT NOT NULL REFERENCES fiscal_periods (id),
    kind TEXT NOT NULL,
    closed_by BIGINT NOT NULL REFERENCES users (id),
    closed_at TIMESTAMP NOT NULL,
    PRIMARY KEY (period_id, kind)
);

-- Reopening (إعادة الفتح): for a reason and until an hour; the only way back from closed.
CREATE TABLE period_reopenings (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    period_id BIGINT NOT NULL REFERENCES fiscal_periods (id),
    reason TEXT NOT NULL CHECK (reason <> ''),
    opened_by BIGINT NOT NULL REFERENCES users (id),
    opened_at TIMESTAMP NOT NULL,
    until_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP,
    CHECK (opened_at < until_at),
    CHECK (ended_at IS NULL OR opened_at <= ended_at)
);
CREATE UNIQUE INDEX period_reopenings_open ON period_reopenings (period_id) WHERE ended_at IS NULL;

-- The chart of accounts (دليل الحسابات): only leaves (posting) are posted to, each with its GFSM code.
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    parent_id BIGINT,
    code TEXT NOT NULL,
    name_ar TEXT NOT NULL,
    name_en TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('debit', 'credit')),
    posting BOOLEAN NOT NULL,
    gfsm TEXT NOT NULL,
    currency TEXT,
    budgeted BOOLEAN NOT NULL,
    needs_party BOOLEAN NOT NULL,
    needs_centre BOOLEAN NOT NULL,
    active_from DATE NOT NULL,
    active_to DATE,
    version BIGINT NOT NULL,
    CHECK (NOT posting OR gfsm <> ''),
    CHECK (active_to IS NULL OR active_from <= active_to),
    UNIQUE (agency_id, code),
    UNIQUE (id, agency_id),
    FOREIGN KEY (parent_id, agency_id) REFERENCES accounts (id, agency_id)
);
CREATE INDEX accounts_parent ON accounts (parent_id, agency_id);

-- Suppliers, payees, employees, other agencies: whoever an amount is owed to or by (الجهات المتعامل معها).
CREATE TABLE parties (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    kind TEXT NOT NULL CHECK (kind IN ('supplier', 'payee', 'employee', 'government')),
    code TEXT NOT NULL,
    name_ar TEXT NOT NULL,
    name_en TEXT NOT NULL,
    fold TEXT NOT NULL,
    tax_number TEXT NOT NULL,
    national_number TEXT NOT NULL,
    iban TEXT NOT NULL,
    user_id BIGINT REFERENCES users (id),
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (agency_id, code),
    UNIQUE (id, agency_id)
);

CREATE TABLE cost_centres (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    code TEXT NOT NULL,
    name_ar TEXT NOT NULL,
    name_en TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (agency_id, code),
    UNIQUE (id, agency_id)
);
