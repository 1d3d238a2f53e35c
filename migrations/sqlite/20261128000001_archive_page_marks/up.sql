-- Stamps and notes that people put over the pages of a file: a layer, the file itself stays as it is.
CREATE TABLE page_marks (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    attachment_id BIGINT NOT NULL REFERENCES attachments (id),
    page INTEGER NOT NULL CHECK (page > 0),
    kind TEXT NOT NULL CHECK (kind IN ('note', 'stamp')),
    x INTEGER NOT NULL CHECK (x BETWEEN 0 AND 10000),
    y INTEGER NOT NULL CHECK (y BETWEEN 0 AND 10000),
    text TEXT NOT NULL CHECK (length(text) > 0),
    created_by BIGINT NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL,
    removed_by BIGINT REFERENCES users (id),
    removed_at TIMESTAMP,
    CHECK ((removed_at IS NULL) = (removed_by IS NULL))
);
CREATE INDEX page_marks_attachment ON page_marks (attachment_id, page);
