-- Files that Diwan makes of a content for an agency: an office file as PDF, a scan as PDF that can be searched.
CREATE TABLE renditions (
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    blob_hash TEXT NOT NULL REFERENCES blobs (hash),
    kind TEXT NOT NULL CHECK (kind IN ('view', 'searchable')),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'made', 'failed')),
    reason TEXT,
    rendition_hash TEXT REFERENCES blobs (hash),
    done INTEGER NOT NULL CHECK (done >= 0),
    pages INTEGER NOT NULL CHECK (pages >= 0),
    asked_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (agency_id, blob_hash, kind),
    CHECK ((state = 'made') = (rendition_hash IS NOT NULL)),
    CHECK ((state = 'failed') = (reason IS NOT NULL))
);
CREATE INDEX renditions_made ON renditions (rendition_hash) WHERE rendition_hash IS NOT NULL;
