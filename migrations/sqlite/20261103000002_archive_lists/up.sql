-- The party is the record's; whether the files can be searched is told by the files; the list has its second order.
ALTER TABLE documents DROP COLUMN party;
ALTER TABLE documents DROP COLUMN content_state;
ALTER TABLE documents DROP COLUMN content_reason;
CREATE INDEX documents_filed ON documents (agency_id, filed_at, record_id);
