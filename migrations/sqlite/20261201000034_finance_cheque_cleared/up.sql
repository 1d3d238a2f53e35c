-- A cheque that was taken down as cleared by hand goes back to whom it was handed over to, while no line of the bank is matched with
-- the line that pays it; where one is, it is given up as any other: with the line of the bank that gave it back (cheques_unmatched).
DROP TRIGGER cheques_fixed;
CREATE TRIGGER cheques_fixed BEFORE UPDATE ON cheques
    WHEN OLD.id <> NEW.id OR OLD.agency_id <> NEW.agency_id OR OLD.book_id <> NEW.book_id OR OLD.bank_account_id <> NEW.bank_account_id
        OR OLD.series <> NEW.series OR OLD.number <> NEW.number OR COALESCE(OLD.document_id, 0) <> COALESCE(NEW.document_id, 0)
        OR OLD.payee <> NEW.payee OR OLD.fold <> NEW.fold OR OLD.currency <> NEW.currency OR OLD.amount <> NEW.amount OR OLD.base_amount <> NEW.base_amount
        OR OLD.issued_on <> NEW.issued_on OR OLD.issued_by <> NEW.issued_by OR OLD.issued_at <> NEW.issued_at
        OR COALESCE(OLD.entry_id, 0) <> COALESCE(NEW.entry_id, 0) OR COALESCE(OLD.entry_seq, 0) <> COALESCE(NEW.entry_seq, 0)
        OR (OLD.handed_on IS NOT NULL AND (NEW.handed_on IS NULL OR OLD.handed_on <> NEW.handed_on OR OLD.handed_to <> NEW.handed_to))
        OR NOT ((OLD.state = 'issued' AND NEW.state IN ('handed_over', 'cancelled', 'stale'))
            OR (OLD.state = 'handed_over' AND NEW.state IN ('cleared', 'cancelled', 'stale'))
            OR (OLD.state = 'cleared' AND NEW.state IN ('handed_over', 'cancelled', 'stale')))
    BEGIN SELECT RAISE(ABORT, 'immutable: cheques'); END;
CREATE TRIGGER cheques_uncleared BEFORE UPDATE OF state ON cheques
    WHEN OLD.state = 'cleared' AND NEW.state IN ('handed_over', 'cancelled', 'stale')
        AND (NEW.state = 'handed_over') = EXISTS (SELECT 1 FROM cleared_lines c
            WHERE c.entry_id = OLD.entry_id AND c.seq = OLD.entry_seq AND c.cleared > 0)
    BEGIN SELECT RAISE(ABORT, 'ledger: cheque'); END;
DROP TRIGGER cheques_returned;
CREATE TRIGGER cheques_returned BEFORE UPDATE ON cheques
    WHEN OLD.state IN ('issued', 'handed_over', 'cleared') AND NEW.state IN ('cancelled', 'stale')
        AND NOT EXISTS (SELECT 1 FROM entry_lines l JOIN posted_entries p ON p.entry_id = l.entry_id
            JOIN entries e ON e.id = l.entry_id
            JOIN bank_accounts b ON b.account_id = l.account_id AND b.currency = l.currency
        WHERE e.record_id = NEW.document_id AND b.id = NEW.bank_account_id AND l.entry_id = NEW.return_entry_id
            AND l.seq = NEW.return_seq AND l.effective_on = NEW.ended_on AND l.debit = NEW.amount AND l.base_debit = NEW.base_amount)
    BEGIN SELECT RAISE(ABORT, 'ledger: cheque'); END;
DROP TRIGGER cheques_give_back;
CREATE TRIGGER cheques_give_back AFTER UPDATE ON cheques
    WHEN OLD.state IN ('issued', 'handed_over', 'cleared') AND NEW.state IN ('cancelled', 'stale')
    BEGIN UPDATE finance_documents SET to_pay = to_pay + OLD.base_amount WHERE record_id = OLD.document_id; END;
