-- Kinds of documents (أنواع الوثائق) with the fields that a document of the kind has, as a JSON list.
CREATE TABLE document_types (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    code TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 20),
    name_ar TEXT NOT NULL,
    name_en TEXT NOT NULL,
    fields TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (agency_id, code)
);

ALTER TABLE documents ADD COLUMN type_id BIGINT REFERENCES document_types (id);
CREATE INDEX documents_type ON documents (agency_id, type_id, record_id);

-- What a document says in the fields of its kind: checked text, and its folded form for filters.
CREATE TABLE document_values (
    record_id BIGINT NOT NULL REFERENCES documents (record_id),
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    fold TEXT NOT NULL,
    PRIMARY KEY (record_id, field)
);
CREATE INDEX document_values_fold ON document_values (field, fold, record_id);

-- Tags (وسوم) of documents.
CREATE TABLE document_tags (
    record_id BIGINT NOT NULL REFERENCES documents (record_id),
    fold TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (record_id, fold)
);
CREATE INDEX document_tags_fold ON document_tags (fold, record_id);
