ALTER TABLE positions DROP COLUMN fold;
