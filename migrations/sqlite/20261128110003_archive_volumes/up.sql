-- Files (ملفات): papers of one matter under one class, in numbered volumes (مجلدات). Numbers have no gaps.
CREATE TABLE archive_files (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    class_id BIGINT NOT NULL REFERENCES classes (id),
    seq BIGINT NOT NULL CHECK (seq > 0),
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    fold TEXT NOT NULL,
    opened_on DATE NOT NULL,
    opened_by BIGINT NOT NULL REFERENCES users (id),
    closed_on DATE,
    closed_by BIGINT REFERENCES users (id),
    version BIGINT NOT NULL,
    UNIQUE (agency_id, seq),
    UNIQUE (agency_id, number),
    CHECK ((closed_on IS NULL) = (closed_by IS NULL)),
    CHECK (closed_on IS NULL OR closed_on >= opened_on)
);
CREATE INDEX archive_files_class ON archive_files (class_id, id);

CREATE TABLE archive_volumes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    file_id BIGINT NOT NULL REFERENCES archive_files (id),
    number INTEGER NOT NULL CHECK (number > 0),
    opened_on DATE NOT NULL,
    closed_on DATE,
    UNIQUE (file_id, number)
);

-- A document stands in one volume, at its place from 1.
ALTER TABLE documents ADD COLUMN volume_id BIGINT REFERENCES archive_volumes (id);
ALTER TABLE documents ADD COLUMN volume_place INTEGER CHECK ((volume_id IS NULL) = (volume_place IS NULL));
CREATE UNIQUE INDEX documents_volume ON documents (volume_id, volume_place);
