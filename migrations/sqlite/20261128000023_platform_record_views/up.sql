-- Who saw, printed, downloaded what (سجل الاطلاع). Of normal records one entry for a person, a way and an hour.
CREATE TABLE record_views (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    record_id BIGINT NOT NULL REFERENCES records (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    way TEXT NOT NULL CHECK (way IN ('open', 'page', 'download', 'print')),
    file_name TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    hour TIMESTAMP,
    ip TEXT NOT NULL
);
CREATE INDEX record_views_record ON record_views (record_id, id);
CREATE INDEX record_views_agency ON record_views (agency_id, id);
CREATE INDEX record_views_user ON record_views (user_id, id);
CREATE UNIQUE INDEX record_views_hour ON record_views (record_id, user_id, way, hour) WHERE hour IS NOT NULL;
CREATE TRIGGER record_views_immutable_u BEFORE UPDATE ON record_views BEGIN SELECT RAISE(ABORT, 'immutable: record_views'); END;
CREATE TRIGGER record_views_immutable_d BEFORE DELETE ON record_views BEGIN SELECT RAISE(ABORT, 'immutable: record_views'); END;
