ALTER TABLE line_cash DROP COLUMN ordered;
