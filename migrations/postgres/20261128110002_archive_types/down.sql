DROP TABLE document_tags;
DROP TABLE document_values;
DROP INDEX documents_type;
ALTER TABLE documents DROP COLUMN type_id;
DROP TABLE document_types;
