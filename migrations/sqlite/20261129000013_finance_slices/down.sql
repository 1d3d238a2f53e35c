DROP TRIGGER finance_documents_continued;
DROP TRIGGER port_hold_lines_decided;
DROP TRIGGER year_ends_holds;
DROP TABLE year_end_holds;
DROP TABLE commitment_continuations;
ALTER TABLE finance_details DROP COLUMN order_kind;
ALTER TABLE virement_rules DROP COLUMN permission;
ALTER TABLE virement_rules DROP COLUMN scope;
