DROP TABLE line_cash_freed;
ALTER TABLE finance_details DROP COLUMN deposit_slip;
ALTER TABLE finance_details DROP COLUMN payer;
DROP INDEX parties_tax_number;
