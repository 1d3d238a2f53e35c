-- Requests to see a record (طلبات الاطلاع): by a number or a link, which may name nothing.
CREATE TABLE access_requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    asked_by BIGINT NOT NULL REFERENCES users (id),
    number TEXT NOT NULL,
    record_id BIGINT REFERENCES records (id),
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'approved', 'refused')),
    created_at TIMESTAMP NOT NULL,
    decided_by BIGINT REFERENCES users (id),
    decided_at TIMESTAMP,
    note TEXT,
    until DATE,
    CHECK ((state = 'open') = (decided_at IS NULL)),
    CHECK ((state = 'approved') = (until IS NOT NULL)),
    CHECK (decided_by IS NULL OR decided_by <> asked_by)
);
CREATE INDEX access_requests_agency ON access_requests (agency_id, state, id);
CREATE INDEX access_requests_person ON access_requests (asked_by, id);
