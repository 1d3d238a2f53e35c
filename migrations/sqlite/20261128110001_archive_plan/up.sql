-- What happens one at a time in an agency's archive takes this row first: the numbers of files, holds against destruction.
CREATE TABLE archive_guards (
    agency_id BIGINT NOT NULL PRIMARY KEY REFERENCES agencies (id),
    turn BIGINT NOT NULL
);

-- How long documents are kept, and what follows (جداول مدد الاستبقاء). Documents without a class are under the fallback.
CREATE TABLE schedules (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    code TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 20),
    name_ar TEXT NOT NULL,
    name_en TEXT NOT NULL,
    starts TEXT NOT NULL CHECK (starts IN ('filed', 'dated', 'file_closed', 'event')),
    years INTEGER NOT NULL CHECK (years BETWEEN 0 AND 200),
    months INTEGER NOT NULL CHECK (months BETWEEN 0 AND 11),
    new_year BOOLEAN NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('keep', 'review', 'destroy')),
    mandate TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    fallback BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (agency_id, code),
    CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE UNIQUE INDEX schedules_fallback ON schedules (agency_id) WHERE fallback;

-- The classification plan (خطة التصنيف): a tree of classes. The path is the codes from the root, joined by '/'.
CREATE TABLE classes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    parent_id BIGINT REFERENCES classes (id),
    code TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 20),
    path TEXT NOT NULL,
    name_ar TEXT NOT NULL,
    name_en TEXT NOT NULL,
    note TEXT NOT NULL,
    secrecy TEXT NOT NULL CHECK (secrecy IN ('normal', 'restricted', 'secret', 'top_secret')),
    schedule_id BIGINT REFERENCES schedules (id),
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (agency_id, code),
    CHECK (parent_id IS NULL OR parent_id <> id)
);
CREATE INDEX classes_parent ON classes (parent_id);
CREATE INDEX classes_schedule ON classes (schedule_id);
CREATE INDEX records_class ON records (agency_id, class_code, id);

-- A grant on a class opens the classes below it: which these are decides about rights, so a change of the plan moves the
-- epoch.
CREATE TRIGGER classes_rights_i AFTER INSERT ON classes WHEN NEW.parent_id IS NOT NULL BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER classes_rights_u AFTER UPDATE OF path, code ON classes
    WHEN OLD.path <> NEW.path OR OLD.code <> NEW.code BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
