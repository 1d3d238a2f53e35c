DROP TABLE line_cash;
DROP TABLE finance_approvals;
DROP TABLE commitment_slices;
DROP TABLE finance_lines;
DROP TABLE finance_documents;
