DROP INDEX attachments_replaces;
ALTER TABLE attachments DROP COLUMN name_mismatch;
