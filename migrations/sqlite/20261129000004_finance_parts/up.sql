-- Currencies (العملات) with their decimals (ISO 4217); JOD has three. The decimals of a currency never change.
CREATE TABLE currencies (
    code TEXT NOT NULL PRIMARY KEY CHECK (length(code) = 3),
    scale INTEGER NOT NULL CHECK (scale BETWEEN 0 AND 4),
    name_ar TEXT NOT NULL,
    name_en TEXT NOT NULL
);

-- Rates (أسعار الصرف): units of the base currency for one unit of the other, times 10^9, in force from a day on.
CREATE TABLE rates (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    currency TEXT NOT NULL REFERENCES currencies (code),
    day DATE NOT NULL,
    rate BIGINT NOT NULL CHECK (rate > 0),
    version BIGINT NOT NULL,
    UNIQUE (agency_id, currency, day)
);

-- Bank accounts (الحسابات البنكية): each is one account of the chart, so that what the bank says meets what the books say.
CREATE TABLE bank_accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    account_id BIGINT NOT NULL UNIQUE,
    code TEXT NOT NULL,
    name_ar TEXT NOT NULL,
    name_en TEXT NOT NULL,
    bic TEXT NOT NULL,
    number TEXT NOT NULL,
    iban TEXT NOT NULL,
    currency TEXT NOT NULL REFERENCES currencies (code),
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (agency_id, code),
    UNIQUE (id, agency_id),
    FOREIGN KEY (account_id, agency_id) REFERENCES accounts (id, agency_id)
);

-- Up to which amount a person may authorise (سقوف الصلاحيات), for one kind of document or, with an empty kind, for all.
CREATE TABLE authority_limits (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    active_from DATE NOT NULL,
    active_to DATE,
    reference TEXT NOT NULL,
    version BIGINT NOT NULL,
    CHECK (active_to IS NULL OR active_from <= active_to)
);
CREATE INDEX authority_limits_user ON authority_limits (user_id, kind, active_from);

-- Rules of virement (قواعد المناقلات), by the codes of the items they begin with. The longest that fits decides; without
-- one a virement may be made. They change with each budget law, so they are rows with days.
CREATE TABLE virement_rules (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    from_item TEXT NOT NULL,
    to_item TEXT NOT NULL,
    allowed BOOLEAN NOT NULL,
    percent INTEGER CHECK (percent BETWEEN 1 AND 100),
    reference TEXT NOT NULL,
    active_from DATE NOT NULL,
    active_to DATE,
    version BIGINT NOT NULL,
    CHECK (active_to IS NULL OR active_from <= active_to)
);
CREATE INDEX virement_rules_agency ON virement_rules (agency_id, active_from);
