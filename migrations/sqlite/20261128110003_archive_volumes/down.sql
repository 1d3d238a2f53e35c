DROP INDEX documents_volume;
ALTER TABLE documents DROP COLUMN volume_place;
ALTER TABLE documents DROP COLUMN volume_id;
DROP TABLE archive_volumes;
DROP TABLE archive_files;
