DROP INDEX finance_documents_gave_back;
DROP INDEX payment_items_came_back;
DROP INDEX cheques_came_back;
DROP TRIGGER payment_runs_sender;
DROP TRIGGER payment_items_payee;
DROP TRIGGER bank_matches_live;
DROP TRIGGER cheques_unmatched;
