DROP TABLE finance_auto_reversals;
DROP TABLE finance_details;
DROP FUNCTION diwan_finance_detail();
DROP INDEX finance_documents_invoice;
-- Fails where a supplier used a number in two years: the rule before knew no years.
CREATE UNIQUE INDEX finance_documents_invoice ON finance_documents (agency_id, party_id, invoice_key) WHERE invoice_key IS NOT NULL;
