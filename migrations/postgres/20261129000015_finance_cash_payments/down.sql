DROP TRIGGER bank_accounts_cash ON bank_accounts;
DROP FUNCTION diwan_bank_account_cash();
DROP TRIGGER cheque_books_bank ON cheque_books;
DROP TRIGGER payment_runs_bank ON payment_runs;
DROP FUNCTION diwan_pays_from_bank();
DROP TRIGGER cheques_payee ON cheques;
DROP FUNCTION diwan_cheque_payee();
CREATE OR REPLACE FUNCTION diwan_payment_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    net BIGINT := (SELECT COALESCE(SUM(CASE l.side WHEN 'debit' THEN l.base_amount ELSE -l.base_amount END), 0)
        FROM finance_lines l WHERE l.record_id = NEW.record_id);
    held BIGINT := (SELECT COALESCE(SUM(h.base_amount), 0) FROM (
        SELECT i.base_amount FROM payment_items i WHERE i.document_id = NEW.record_id AND i.state IN ('pending', 'executed')
        UNION ALL SELECT c.base_amount FROM cheques c
        WHERE c.document_id = NEW.record_id AND c.state IN ('issued', 'handed_over', 'cleared')) h);
BEGIN
    IF NOT ((NEW.to_pay = net - held AND EXISTS (SELECT 1 FROM records x WHERE x.id = NEW.record_id AND x.state = 'posted'))
        OR (NEW.to_pay = 0 AND held = 0 AND EXISTS (SELECT 1 FROM finance_documents r WHERE r.reverses_id = NEW.record_id))) THEN
        RAISE EXCEPTION 'ledger: payment' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TABLE cash_payments;
DROP FUNCTION diwan_cash_payment_begun();
DROP FUNCTION diwan_cash_payment();
DROP FUNCTION diwan_cash_payment_claim();
ALTER TABLE bank_accounts DROP COLUMN cash;
