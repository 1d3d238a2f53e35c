-- Calls of other modules (نداءات الوحدات الأخرى): one row each, with the record of the caller. The same key of a module does a
-- thing once. What is not answered cannot be committed.
CREATE TABLE port_calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    module TEXT NOT NULL CHECK (module IN ('procurement', 'inventory', 'hr', 'fleet')),
    key TEXT NOT NULL CHECK (key <> ''),
    operation TEXT NOT NULL CHECK (operation IN ('reserve', 'commit', 'liquidate', 'release', 'post')),
    request_hash TEXT NOT NULL CHECK (request_hash <> ''),
    answer BIGINT,
    record_id BIGINT NOT NULL REFERENCES records (id),
    entry_id BIGINT REFERENCES entries (id),
    effective_on DATE NOT NULL,
    called_by BIGINT NOT NULL REFERENCES users (id),
    called_at TIMESTAMP NOT NULL,
    answered BOOLEAN NOT NULL,
    whole BOOLEAN NOT NULL CHECK (whole),
    CHECK (answered = (answer IS NOT NULL)),
    CHECK (entry_id IS NULL OR operation IN ('liquidate', 'post')),
    UNIQUE (agency_id, module, key),
    UNIQUE (id, answered),
    FOREIGN KEY (id, whole) REFERENCES port_calls (id, answered) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX port_calls_record ON port_calls (record_id);

-- What another module holds of the budget: a reservation (حجز) or a commitment (التزام). `draws` counts how often it was drawn on;
-- whoever draws takes this row first.
CREATE TABLE port_holds (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL,
    year_id BIGINT NOT NULL,
    module TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('reservation', 'commitment')),
    call_id BIGINT NOT NULL UNIQUE REFERENCES port_calls (id),
    record_id BIGINT NOT NULL REFERENCES records (id),
    from_id BIGINT REFERENCES port_holds (id),
    draws BIGINT NOT NULL CHECK (draws >= 0),
    CHECK (from_id IS NULL OR kind = 'commitment'),
    UNIQUE (id, agency_id),
    FOREIGN KEY (year_id, agency_id) REFERENCES fiscal_years (id, agency_id)
);
CREATE INDEX port_holds_year ON port_holds (year_id, kind);
CREATE INDEX port_holds_record ON port_holds (record_id);

-- How much it holds of each key, and how much of that is still open.
CREATE TABLE port_hold_lines (
    hold_id BIGINT NOT NULL,
    key_id BIGINT NOT NULL,
    agency_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    open BIGINT NOT NULL CHECK (open >= 0),
    CHECK (open <= amount),
    PRIMARY KEY (hold_id, key_id),
    FOREIGN KEY (hold_id, agency_id) REFERENCES port_holds (id, agency_id),
    FOREIGN KEY (key_id, agency_id) REFERENCES budget_keys (id, agency_id)
);
CREATE INDEX port_hold_lines_key ON port_hold_lines (key_id, agency_id);

-- Rules of spending before the law (الصرف على أساس 1/12): of a year and in force between days; a month may take one part of so
-- many of what the year before was appropriated in the end.
CREATE TABLE provisional_rules (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    year INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
    allowed BOOLEAN NOT NULL,
    parts INTEGER NOT NULL CHECK (parts BETWEEN 12 AND 365),
    reference TEXT NOT NULL CHECK (reference <> ''),
    active_from DATE NOT NULL,
    active_to DATE,
    version BIGINT NOT NULL,
    CHECK (active_to IS NULL OR active_from <= active_to)
);
CREATE INDEX provisional_rules_year ON provisional_rules (agency_id, year, active_from);

-- Supplements that only stand for the law until it is there; the law that comes takes their place.
CREATE TABLE provisional_documents (
    record_id BIGINT NOT NULL PRIMARY KEY,
    agency_id BIGINT NOT NULL,
    year_id BIGINT NOT NULL,
    rule_id BIGINT NOT NULL REFERENCES provisional_rules (id),
    through_month INTEGER NOT NULL CHECK (through_month BETWEEN 1 AND 12),
    replaced_by BIGINT REFERENCES finance_documents (record_id),
    FOREIGN KEY (record_id, agency_id) REFERENCES finance_documents (record_id, agency_id),
    FOREIGN KEY (year_id, agency_id) REFERENCES fiscal_years (id, agency_id)
);
CREATE INDEX provisional_documents_year ON provisional_documents (year_id);

-- Templates of documents (قوالب المستندات), and when each makes a draft by itself.
CREATE TABLE voucher_templates (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    name TEXT NOT NULL CHECK (name <> ''),
    fold TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind <> ''),
    content TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    owner_id BIGINT NOT NULL REFERENCES users (id),
    every TEXT CHECK (every IN ('month', 'quarter')),
    day INTEGER CHECK (day BETWEEN 1 AND 31),
    starts_on DATE,
    ends_on DATE,
    paused BOOLEAN NOT NULL,
    next_on DATE,
    problem TEXT NOT NULL,
    problem_at TIMESTAMP,
    created_by BIGINT NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    CHECK ((every IS NULL) = (day IS NULL) AND (every IS NULL) = (starts_on IS NULL)),
    CHECK (every IS NOT NULL OR (ends_on IS NULL AND next_on IS NULL)),
    CHECK (ends_on IS NULL OR starts_on <= ends_on),
    CHECK (active OR next_on IS NULL),
    CHECK ((problem = '') = (problem_at IS NULL))
);
CREATE UNIQUE INDEX voucher_templates_name ON voucher_templates (agency_id, fold) WHERE active;
CREATE INDEX voucher_templates_next ON voucher_templates (next_on) WHERE next_on IS NOT NULL;

-- The drafts that templates made: one for each day they were due.
CREATE TABLE template_drafts (
    template_id BIGINT NOT NULL REFERENCES voucher_templates (id),
    due_on DATE NOT NULL,
    record_id BIGINT NOT NULL UNIQUE REFERENCES finance_documents (record_id),
    made_at TIMESTAMP NOT NULL,
    PRIMARY KEY (template_id, due_on)
);

CREATE TRIGGER port_calls_fixed BEFORE UPDATE ON port_calls
    WHEN OLD.answered OR NOT NEW.answered OR OLD.id <> NEW.id OR OLD.agency_id <> NEW.agency_id OR OLD.module <> NEW.module OR OLD.key <> NEW.key
        OR OLD.operation <> NEW.operation OR OLD.request_hash <> NEW.request_hash OR OLD.record_id <> NEW.record_id
        OR OLD.effective_on <> NEW.effective_on OR OLD.called_by <> NEW.called_by OR OLD.called_at <> NEW.called_at
    BEGIN SELECT RAISE(ABORT, 'immutable: port_calls'); END;
CREATE TRIGGER port_calls_kept BEFORE DELETE ON port_calls
    BEGIN SELECT RAISE(ABORT, 'immutable: port_calls'); END;
CREATE TRIGGER port_holds_fixed BEFORE UPDATE ON port_holds
    WHEN NEW.draws <> OLD.draws + 1 OR OLD.id <> NEW.id OR OLD.agency_id <> NEW.agency_id OR OLD.year_id <> NEW.year_id OR OLD.module <> NEW.module
        OR OLD.kind <> NEW.kind OR OLD.call_id <> NEW.call_id OR OLD.record_id <> NEW.record_id
        OR COALESCE(OLD.from_id, 0) <> COALESCE(NEW.from_id, 0)
    BEGIN SELECT RAISE(ABORT, 'immutable: port_holds'); END;
CREATE TRIGGER port_holds_kept BEFORE DELETE ON port_holds
    BEGIN SELECT RAISE(ABORT, 'immutable: port_holds'); END;
-- What is open only becomes less, and nothing is added once it was drawn on.
CREATE TRIGGER port_hold_lines_fixed BEFORE UPDATE ON port_hold_lines
    WHEN NEW.open > OLD.open OR OLD.hold_id <> NEW.hold_id OR OLD.key_id <> NEW.key_id OR OLD.agency_id <> NEW.agency_id OR OLD.amount <> NEW.amount
    BEGIN SELECT RAISE(ABORT, 'immutable: port_hold_lines'); END;
CREATE TRIGGER port_hold_lines_kept BEFORE DELETE ON port_hold_lines
    BEGIN SELECT RAISE(ABORT, 'immutable: port_hold_lines'); END;
CREATE TRIGGER port_hold_lines_added BEFORE INSERT ON port_hold_lines
    WHEN NEW.open <> NEW.amount OR EXISTS (SELECT 1 FROM port_holds h WHERE h.id = NEW.hold_id AND h.draws > 0)
    BEGIN SELECT RAISE(ABORT, 'immutable: port_hold_lines'); END;
CREATE TRIGGER provisional_documents_fixed BEFORE UPDATE ON provisional_documents
    WHEN OLD.replaced_by IS NOT NULL OR NEW.replaced_by IS NULL OR OLD.record_id <> NEW.record_id OR OLD.agency_id <> NEW.agency_id
        OR OLD.year_id <> NEW.year_id OR OLD.rule_id <> NEW.rule_id OR OLD.through_month <> NEW.through_month
    BEGIN SELECT RAISE(ABORT, 'immutable: provisional_documents'); END;
CREATE TRIGGER provisional_documents_kept BEFORE DELETE ON provisional_documents
    BEGIN SELECT RAISE(ABORT, 'immutable: provisional_documents'); END;
CREATE TRIGGER voucher_templates_kept BEFORE DELETE ON voucher_templates
    BEGIN SELECT RAISE(ABORT, 'immutable: voucher_templates'); END;
CREATE TRIGGER template_drafts_fixed BEFORE UPDATE ON template_drafts
    BEGIN SELECT RAISE(ABORT, 'immutable: template_drafts'); END;
CREATE TRIGGER template_drafts_kept BEFORE DELETE ON template_drafts
    BEGIN SELECT RAISE(ABORT, 'immutable: template_drafts'); END;
