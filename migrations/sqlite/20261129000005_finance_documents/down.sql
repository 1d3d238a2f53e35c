DROP INDEX budget_moves_outside;
DROP INDEX budget_moves_day;
DROP INDEX entries_day;
DROP TABLE line_cash;
DROP TABLE finance_approvals;
DROP TABLE commitment_slices;
DROP TABLE finance_lines;
DROP TABLE finance_documents;
