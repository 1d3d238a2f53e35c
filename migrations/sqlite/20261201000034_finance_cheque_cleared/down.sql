DROP TRIGGER cheques_uncleared;
DROP TRIGGER cheques_fixed;
CREATE TRIGGER cheques_fixed BEFORE UPDATE ON cheques
    WHEN OLD.id <> NEW.id OR OLD.agency_id <> NEW.agency_id OR OLD.book_id <> NEW.book_id OR OLD.bank_account_id <> NEW.bank_account_id
        OR OLD.series <> NEW.series OR OLD.number <> NEW.number OR COALESCE(OLD.document_id, 0) <> COALESCE(NEW.document_id, 0)
        OR OLD.payee <> NEW.payee OR OLD.fold <> NEW.fold OR OLD.currency <> NEW.currency OR OLD.amount <> NEW.amount OR OLD.base_amount <> NEW.base_amount
        OR OLD.issued_on <> NEW.issued_on OR OLD.issued_by <> NEW.issued_by OR OLD.issued_at <> NEW.issued_at
        OR COALESCE(OLD.entry_id, 0) <> COALESCE(NEW.entry_id, 0) OR COALESCE(OLD.entry_seq, 0) <> COALESCE(NEW.entry_seq, 0)
        OR (OLD.handed_on IS NOT NULL AND (NEW.handed_on IS NULL OR OLD.handed_on <> NEW.handed_on OR OLD.handed_to <> NEW.handed_to))
        OR NOT ((OLD.state = 'issued' AND NEW.state IN ('handed_over', 'cancelled', 'stale'))
            OR (OLD.state = 'handed_over' AND NEW.state IN ('cleared', 'cancelled', 'stale')))
    BEGIN SELECT RAISE(ABORT, 'immutable: cheques'); END;
