-- Grants of access (منح اطلاع): on one record until a day, or on a class of the classification. A record carries who was
-- granted it as `g:<grant>` and its class as `c:<code>` among its principals; the rights of a person name the grants that
-- are in force today. So a grant ends with its day, or when it is taken back, without a row of any record being changed.
CREATE TABLE access_grants (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    record_id BIGINT REFERENCES records (id),
    class_code TEXT,
    principal TEXT NOT NULL,
    until DATE,
    reason TEXT NOT NULL,
    created_by BIGINT NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP,
    revoked_by BIGINT REFERENCES users (id),
    CHECK ((record_id IS NULL) <> (class_code IS NULL)),
    CHECK (record_id IS NULL OR until IS NOT NULL),
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE INDEX access_grants_principal ON access_grants (agency_id, principal) WHERE revoked_at IS NULL;
CREATE INDEX access_grants_record ON access_grants (record_id, id);
CREATE INDEX access_grants_class ON access_grants (agency_id, class_code, id);
CREATE TRIGGER access_grants_rights_i AFTER INSERT ON access_grants BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER access_grants_rights_u AFTER UPDATE ON access_grants BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER access_grants_kept BEFORE DELETE ON access_grants BEGIN SELECT RAISE(ABORT, 'immutable: access_grants'); END;
CREATE TRIGGER access_grants_fixed BEFORE UPDATE ON access_grants
    WHEN OLD.principal <> NEW.principal OR OLD.record_id IS NOT NEW.record_id OR OLD.class_code IS NOT NEW.class_code
        OR OLD.until IS NOT NEW.until OR OLD.reason <> NEW.reason OR OLD.revoked_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'immutable: access_grants'); END;

CREATE TRIGGER records_class_i AFTER INSERT ON records WHEN NEW.class_code IS NOT NULL BEGIN
    INSERT OR IGNORE INTO record_access (record_id, principal) VALUES (NEW.id, 'c:' || NEW.class_code);
END;
CREATE TRIGGER records_class_u AFTER UPDATE OF class_code ON records WHEN OLD.class_code IS NOT NEW.class_code BEGIN
    DELETE FROM record_access WHERE record_id = OLD.id AND principal = 'c:' || OLD.class_code;
    INSERT OR IGNORE INTO record_access (record_id, principal)
    SELECT NEW.id, 'c:' || NEW.class_code WHERE NEW.class_code IS NOT NULL;
END;
INSERT INTO record_access (record_id, principal) SELECT id, 'c:' || class_code FROM records WHERE class_code IS NOT NULL;
