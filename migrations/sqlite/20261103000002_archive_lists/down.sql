DROP INDEX documents_filed;
ALTER TABLE documents ADD COLUMN party TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN content_state TEXT NOT NULL DEFAULT 'pending' CHECK (content_state IN ('pending', 'text', 'no_text', 'refused'));
ALTER TABLE documents ADD COLUMN content_reason TEXT;
