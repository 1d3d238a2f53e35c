DROP TABLE line_cash;
DROP TABLE finance_approvals;
DROP TABLE commitment_slices;
DROP TABLE finance_lines;
DROP TABLE finance_documents;
DROP FUNCTION diwan_finance_document();
DROP FUNCTION diwan_finance_line();
DROP FUNCTION diwan_finance_approval();
