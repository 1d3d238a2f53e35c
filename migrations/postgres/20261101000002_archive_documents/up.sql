CREATE TABLE documents (
    record_id BIGINT NOT NULL PRIMARY KEY REFERENCES records (id),
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    source TEXT NOT NULL CHECK (source IN ('letter', 'upload')),
    doc_date DATE NOT NULL,
    party TEXT NOT NULL,
    content_state TEXT NOT NULL CHECK (content_state IN ('pending', 'text', 'no_text', 'refused')),
    content_reason TEXT,
    filed_at TIMESTAMP NOT NULL
);
CREATE INDEX documents_list ON documents (agency_id, doc_date, record_id);
