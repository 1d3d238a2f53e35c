DROP TRIGGER payment_runs_sender;
DROP TRIGGER payment_items_payee;
DROP TRIGGER bank_matches_live;
DROP TRIGGER cheques_unmatched;
