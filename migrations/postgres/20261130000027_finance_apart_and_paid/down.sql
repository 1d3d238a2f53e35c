DROP TRIGGER payment_runs_sender ON payment_runs;
DROP FUNCTION diwan_payment_run_sender();
DROP TRIGGER payment_items_payee ON payment_items;
DROP FUNCTION diwan_payment_item_payee();
DROP TRIGGER bank_matches_live ON bank_matches;
DROP FUNCTION diwan_bank_match_live();
DROP TRIGGER cheques_unmatched ON cheques;
DROP FUNCTION diwan_cheque_unmatched();
