DROP INDEX finance_documents_numbered;
DROP INDEX finance_documents_amount;
DROP INDEX finance_documents_day;
ALTER TABLE currencies DROP COLUMN fraction_en;
ALTER TABLE currencies DROP COLUMN fraction_ar;
ALTER TABLE currencies DROP COLUMN unit_en;
ALTER TABLE currencies DROP COLUMN unit_ar;
