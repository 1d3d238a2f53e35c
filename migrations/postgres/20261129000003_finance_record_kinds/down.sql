ALTER TABLE approval_routes DROP COLUMN min_amount;
ALTER TABLE records DROP CONSTRAINT records_kind_check;
ALTER TABLE records ADD CONSTRAINT records_kind_check CHECK (kind IN ('outgoing', 'incoming', 'internal_memo', 'document'));
