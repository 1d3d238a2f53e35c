ALTER TABLE attachments DROP COLUMN note;
DROP TABLE checkouts;
