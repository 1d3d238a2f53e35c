-- Imports of many files, and every file of each: what became of it, and why.
CREATE TABLE imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    created_by BIGINT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('folder', 'upload', 'watch')),
    root TEXT,
    defaults TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'running', 'paused', 'done')),
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    CHECK ((source = 'upload') = (root IS NULL)),
    CHECK ((state = 'done') = (finished_at IS NOT NULL))
);
CREATE INDEX imports_agency ON imports (agency_id, id);

CREATE TABLE import_files (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    import_id BIGINT NOT NULL REFERENCES imports (id),
    path TEXT NOT NULL,
    size BIGINT CHECK (size >= 0),
    blob_hash TEXT,
    media_type TEXT,
    name_mismatch BOOLEAN NOT NULL,
    modified_on DATE,
    line INTEGER,
    cells TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'filed', 'duplicate', 'refused', 'failed')),
    faults TEXT NOT NULL,
    record_id BIGINT REFERENCES records (id),
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (import_id, path),
    CHECK ((state IN ('filed', 'duplicate')) = (record_id IS NOT NULL))
);
CREATE INDEX import_files_state ON import_files (import_id, state, id);
CREATE UNIQUE INDEX import_files_record ON import_files (record_id) WHERE state = 'filed';

-- What was filed stays told as it was: it is what keeps a file from being filed twice.
CREATE TRIGGER import_files_filed BEFORE UPDATE ON import_files WHEN OLD.state = 'filed'
    BEGIN SELECT RAISE(ABORT, 'immutable: import_files'); END;
CREATE TRIGGER import_files_kept BEFORE DELETE ON import_files BEGIN SELECT RAISE(ABORT, 'immutable: import_files'); END;
