DROP TRIGGER period_kinds_added;
DROP TRIGGER period_kinds_fixed;
DROP TRIGGER period_kinds_kept;
DROP TRIGGER currencies_fixed;
DROP TRIGGER currencies_kept;
ALTER TABLE currencies DROP COLUMN version;
