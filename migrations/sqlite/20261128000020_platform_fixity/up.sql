-- Checks of files against their names (سلامة الملفات): one row for each content that was checked.
CREATE TABLE blob_checks (
    blob_hash TEXT NOT NULL PRIMARY KEY REFERENCES blobs (hash) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('whole', 'damaged', 'missing')),
    checked_at TIMESTAMP NOT NULL,
    bad_since TIMESTAMP,
    CHECK ((state = 'whole') = (bad_since IS NULL))
);
CREATE INDEX blob_checks_bad ON blob_checks (state, blob_hash) WHERE state <> 'whole';

-- Walks over all files: what is due to be checked goes by them, and one that was broken off goes on at its place.
CREATE TABLE fixity_runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    asked_by BIGINT REFERENCES users (id),
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    place TEXT NOT NULL,
    checked BIGINT NOT NULL CHECK (checked >= 0),
    bytes BIGINT NOT NULL CHECK (bytes >= 0)
);

-- What lies in the file store and no record names, as the last walk found it.
CREATE TABLE orphan_blobs (
    place TEXT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL CHECK (size >= 0),
    modified_at TIMESTAMP NOT NULL,
    found_at TIMESTAMP NOT NULL
);
