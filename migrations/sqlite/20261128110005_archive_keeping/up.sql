-- When a document may go and how: exactly one schedule for each. Destroyed, the row stays as it is.
CREATE TABLE keeping (
    record_id BIGINT NOT NULL PRIMARY KEY REFERENCES documents (record_id),
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    schedule_id BIGINT NOT NULL REFERENCES schedules (id),
    chosen BOOLEAN NOT NULL,
    event_on DATE,
    until_on DATE,
    condemned_on DATE,
    action TEXT NOT NULL CHECK (action IN ('keep', 'review', 'destroy')),
    due_on DATE,
    destroyed_on DATE,
    CHECK (action <> 'keep' OR due_on IS NULL),
    CHECK (destroyed_on IS NULL OR (action = 'destroy' AND due_on IS NOT NULL AND due_on <= destroyed_on))
);
CREATE INDEX keeping_due ON keeping (agency_id, due_on, record_id);
CREATE INDEX keeping_schedule ON keeping (schedule_id, record_id);

-- What people decided about a document whose period was over.
CREATE TABLE reviews (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    record_id BIGINT NOT NULL REFERENCES documents (record_id),
    decision TEXT NOT NULL CHECK (decision IN ('keep_until', 'destroy', 'schedule')),
    until_on DATE,
    schedule_id BIGINT REFERENCES schedules (id),
    note TEXT NOT NULL,
    decided_by BIGINT NOT NULL REFERENCES users (id),
    decided_at TIMESTAMP NOT NULL,
    CHECK ((decision = 'keep_until') = (until_on IS NOT NULL)),
    CHECK ((decision = 'schedule') = (schedule_id IS NOT NULL))
);
CREATE INDEX reviews_record ON reviews (record_id, id);

-- Legal holds (وقف الإتلاف): on single records, on a file, or on a class with all below it.
CREATE TABLE holds (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    reason TEXT NOT NULL,
    class_id BIGINT REFERENCES classes (id),
    file_id BIGINT REFERENCES archive_files (id),
    set_by BIGINT NOT NULL REFERENCES users (id),
    set_at TIMESTAMP NOT NULL,
    lifted_by BIGINT REFERENCES users (id),
    lifted_at TIMESTAMP,
    lift_reason TEXT,
    CHECK ((lifted_at IS NULL) = (lifted_by IS NULL)),
    CHECK ((lifted_at IS NULL) = (lift_reason IS NULL)),
    CHECK (class_id IS NULL OR file_id IS NULL)
);
CREATE INDEX holds_agency ON holds (agency_id, lifted_at, id);

CREATE TABLE hold_records (
    hold_id BIGINT NOT NULL REFERENCES holds (id),
    record_id BIGINT NOT NULL REFERENCES records (id),
    PRIMARY KEY (hold_id, record_id)
);
CREATE INDEX hold_records_record ON hold_records (record_id);

-- Acts of destruction (إتلاف): proposed by one, confirmed by two others, then carried out.
CREATE TABLE disposals (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'confirmed', 'done', 'refused')),
    proposed_by BIGINT NOT NULL REFERENCES users (id),
    proposed_at TIMESTAMP NOT NULL,
    ended_by BIGINT REFERENCES users (id),
    ended_at TIMESTAMP,
    refusal TEXT,
    certificate_id BIGINT REFERENCES records (id),
    version BIGINT NOT NULL,
    CHECK ((state = 'refused') = (refusal IS NOT NULL)),
    CHECK (state IN ('done', 'refused') OR ended_at IS NULL)
);
CREATE INDEX disposals_agency ON disposals (agency_id, id);

CREATE TABLE disposal_votes (
    disposal_id BIGINT NOT NULL REFERENCES disposals (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    confirmed_at TIMESTAMP NOT NULL,
    PRIMARY KEY (disposal_id, user_id)
);

-- The documents of an act, and of what was destroyed the files with their hashes as a JSON list.
CREATE TABLE disposal_items (
    disposal_id BIGINT NOT NULL REFERENCES disposals (id),
    record_id BIGINT NOT NULL REFERENCES documents (record_id),
    state TEXT NOT NULL CHECK (state IN ('listed', 'destroyed', 'spared')),
    reason TEXT,
    files TEXT NOT NULL,
    destroyed_at TIMESTAMP,
    PRIMARY KEY (disposal_id, record_id),
    CHECK ((state = 'spared') = (reason IS NOT NULL)),
    CHECK ((state = 'destroyed') = (destroyed_at IS NOT NULL))
);
CREATE UNIQUE INDEX disposal_items_open ON disposal_items (record_id) WHERE state = 'listed';

-- When the content was destroyed; it lies in no store any more.
ALTER TABLE blobs ADD COLUMN destroyed_at TIMESTAMP;

-- What was destroyed, decided or confirmed stays as it was written; nothing is added to what is no more.
CREATE TRIGGER keeping_destroyed BEFORE UPDATE ON keeping WHEN OLD.destroyed_on IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'immutable: keeping'); END;
CREATE TRIGGER keeping_kept BEFORE DELETE ON keeping WHEN OLD.destroyed_on IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'immutable: keeping'); END;
CREATE TRIGGER disposal_votes_fixed BEFORE UPDATE ON disposal_votes
    BEGIN SELECT RAISE(ABORT, 'immutable: disposal_votes'); END;
CREATE TRIGGER disposal_votes_kept BEFORE DELETE ON disposal_votes
    BEGIN SELECT RAISE(ABORT, 'immutable: disposal_votes'); END;
CREATE TRIGGER disposal_items_fixed BEFORE UPDATE ON disposal_items WHEN OLD.state <> 'listed'
    BEGIN SELECT RAISE(ABORT, 'immutable: disposal_items'); END;
CREATE TRIGGER disposal_items_kept BEFORE DELETE ON disposal_items
    BEGIN SELECT RAISE(ABORT, 'immutable: disposal_items'); END;
CREATE TRIGGER reviews_fixed BEFORE UPDATE ON reviews
    BEGIN SELECT RAISE(ABORT, 'immutable: reviews'); END;
CREATE TRIGGER reviews_kept BEFORE DELETE ON reviews
    BEGIN SELECT RAISE(ABORT, 'immutable: reviews'); END;
CREATE TRIGGER holds_lifted BEFORE UPDATE ON holds WHEN OLD.lifted_at IS NOT NULL OR OLD.reason <> NEW.reason OR OLD.set_by <> NEW.set_by OR OLD.set_at <> NEW.set_at
    BEGIN SELECT RAISE(ABORT, 'immutable: holds'); END;
CREATE TRIGGER holds_kept BEFORE DELETE ON holds
    BEGIN SELECT RAISE(ABORT, 'immutable: holds'); END;
CREATE TRIGGER records_destroyed BEFORE UPDATE ON records WHEN OLD.state = 'destroyed' AND (NEW.state <> OLD.state OR NEW.subject <> OLD.subject OR NEW.party <> OLD.party OR NEW.kind <> OLD.kind OR NEW.number <> OLD.number)
    BEGIN SELECT RAISE(ABORT, 'immutable: records'); END;
CREATE TRIGGER documents_destroyed BEFORE UPDATE ON documents WHEN EXISTS (SELECT 1 FROM keeping k WHERE k.record_id = OLD.record_id AND k.destroyed_on IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'immutable: documents'); END;
CREATE TRIGGER attachments_destroyed BEFORE UPDATE ON attachments WHEN OLD.removed_at IS NOT NULL AND EXISTS (SELECT 1 FROM keeping k WHERE k.record_id = OLD.record_id AND k.destroyed_on IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'immutable: attachments'); END;
CREATE TRIGGER attachments_added BEFORE INSERT ON attachments WHEN EXISTS (SELECT 1 FROM keeping k WHERE k.record_id = NEW.record_id AND k.destroyed_on IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'immutable: attachments'); END;

-- Documents that were filed before get their schedules.
INSERT INTO jobs (kind, payload, priority, state, run_at, attempts, max_attempts, dedupe, created_at)
SELECT 'archive.order', '{"agency_id":' || id || ',"which":"agency"}', 300, 'ready', created_at, 0, 12, 'archive.order:' || id || ':agency', created_at
FROM agencies WHERE EXISTS (SELECT 1 FROM documents d WHERE d.agency_id = agencies.id);
