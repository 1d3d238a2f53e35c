-- Whether a file's name says that it is something other than it is.
ALTER TABLE attachments ADD COLUMN name_mismatch BOOLEAN NOT NULL DEFAULT FALSE;
-- A version is replaced once.
CREATE UNIQUE INDEX attachments_replaces ON attachments (replaces_id);
