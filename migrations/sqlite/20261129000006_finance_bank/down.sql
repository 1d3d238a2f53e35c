DROP TRIGGER bank_accounts_used;
DROP TABLE bank_matches;
DROP TABLE reconciliations;
DROP TABLE cleared_lines;
DROP TABLE bank_lines;
DROP TABLE bank_statements;
