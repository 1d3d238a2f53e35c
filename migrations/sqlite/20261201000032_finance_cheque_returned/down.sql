DROP TRIGGER cheques_unmatched;
CREATE TRIGGER cheques_unmatched BEFORE UPDATE OF state ON cheques
    WHEN OLD.state <> NEW.state AND NEW.state IN ('cancelled', 'stale') AND EXISTS (SELECT 1 FROM cleared_lines c
            WHERE c.entry_id = NEW.entry_id AND c.seq = NEW.entry_seq AND c.cleared > 0)
    BEGIN SELECT RAISE(ABORT, 'ledger: cheque'); END;
DROP TRIGGER bank_matches_live;
CREATE TRIGGER bank_matches_live BEFORE INSERT ON bank_matches
    WHEN EXISTS (SELECT 1 FROM cheques c
            WHERE c.entry_id = NEW.entry_id AND c.entry_seq = NEW.seq AND c.return_entry_id IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'ledger: match'); END;
