DROP TRIGGER bank_accounts_cash;
DROP TRIGGER cheque_books_bank;
DROP TRIGGER payment_runs_bank;
DROP TRIGGER cheques_payee;
DROP TRIGGER finance_documents_open;
CREATE TRIGGER finance_documents_open BEFORE UPDATE OF to_pay ON finance_documents
    WHEN OLD.posted_at IS NOT NULL AND OLD.to_pay <> NEW.to_pay AND NOT (
        (NEW.to_pay = (SELECT COALESCE(SUM(CASE l.side WHEN 'debit' THEN l.base_amount ELSE -l.base_amount END), 0)
                FROM finance_lines l WHERE l.record_id = NEW.record_id)
            - (SELECT COALESCE(SUM(i.base_amount), 0) FROM payment_items i
                WHERE i.document_id = NEW.record_id AND i.state IN ('pending', 'executed'))
            - (SELECT COALESCE(SUM(c.base_amount), 0) FROM cheques c
                WHERE c.document_id = NEW.record_id AND c.state IN ('issued', 'handed_over', 'cleared'))
            AND EXISTS (SELECT 1 FROM records x WHERE x.id = NEW.record_id AND x.state = 'posted'))
        OR (NEW.to_pay = 0 AND NOT EXISTS (SELECT 1 FROM payment_items i
                WHERE i.document_id = NEW.record_id AND i.state IN ('pending', 'executed'))
            AND NOT EXISTS (SELECT 1 FROM cheques c
                WHERE c.document_id = NEW.record_id AND c.state IN ('issued', 'handed_over', 'cleared'))
            AND EXISTS (SELECT 1 FROM finance_documents r WHERE r.reverses_id = NEW.record_id)))
    BEGIN SELECT RAISE(ABORT, 'ledger: payment'); END;
DROP TABLE cash_payments;
ALTER TABLE bank_accounts DROP COLUMN cash;
