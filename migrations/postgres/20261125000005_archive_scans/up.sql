-- Pages of contents that have no text of their own, and the words recognised on them.
CREATE TABLE scan_pages (
    blob_hash TEXT NOT NULL REFERENCES blobs (hash),
    page INTEGER NOT NULL CHECK (page > 0),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'read', 'failed')),
    reason TEXT,
    turns INTEGER NOT NULL CHECK (turns BETWEEN 0 AND 3),
    width INTEGER NOT NULL CHECK (width >= 0),
    confidence INTEGER NOT NULL CHECK (confidence BETWEEN 0 AND 100),
    doubtful INTEGER NOT NULL CHECK (doubtful >= 0),
    words TEXT NOT NULL,
    codes TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (blob_hash, page),
    CHECK ((state = 'failed') = (reason IS NOT NULL))
);
CREATE INDEX scan_pages_doubtful ON scan_pages (blob_hash, doubtful) WHERE doubtful > 0;

-- What people of an agency read where recognition was in doubt: other agencies that hold the same content keep their own.
CREATE TABLE word_checks (
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    blob_hash TEXT NOT NULL,
    page INTEGER NOT NULL,
    word INTEGER NOT NULL CHECK (word >= 0),
    text TEXT NOT NULL,
    checked_by BIGINT NOT NULL REFERENCES users (id),
    checked_at TIMESTAMP NOT NULL,
    PRIMARY KEY (agency_id, blob_hash, page, word),
    FOREIGN KEY (blob_hash, page) REFERENCES scan_pages (blob_hash, page)
);

-- What waited for recognition is read again, which now leads to it.
UPDATE extracts SET state = 'pending' WHERE state = 'no_text' AND reason = 'needs_ocr';
INSERT INTO jobs (kind, payload, priority, state, run_at, attempts, max_attempts, dedupe, created_at)
SELECT 'files.extract', '{"hash":"' || blob_hash || '"}', 300, 'ready', updated_at, 0, 12, 'files.extract:' || blob_hash, updated_at
FROM extracts WHERE state = 'pending' AND reason = 'needs_ocr';
