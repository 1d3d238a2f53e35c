-- A cheque that the bank paid and gave back: it is given up once a line of the bank is matched with the line that takes it back, and
-- only then a line of the bank is matched with its own.
DROP TRIGGER cheques_unmatched;
CREATE TRIGGER cheques_unmatched BEFORE UPDATE OF state ON cheques
    WHEN OLD.state <> NEW.state AND NEW.state IN ('cancelled', 'stale') AND EXISTS (SELECT 1 FROM cleared_lines c
            WHERE c.entry_id = NEW.entry_id AND c.seq = NEW.entry_seq AND c.cleared > 0)
        AND NOT EXISTS (SELECT 1 FROM cleared_lines c
            WHERE c.entry_id = NEW.return_entry_id AND c.seq = NEW.return_seq AND c.cleared = c.amount)
    BEGIN SELECT RAISE(ABORT, 'ledger: cheque'); END;
DROP TRIGGER bank_matches_live;
CREATE TRIGGER bank_matches_live BEFORE INSERT ON bank_matches
    WHEN EXISTS (SELECT 1 FROM cheques q
            WHERE q.entry_id = NEW.entry_id AND q.entry_seq = NEW.seq AND q.return_entry_id IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM cleared_lines c
                    WHERE c.entry_id = q.return_entry_id AND c.seq = q.return_seq AND c.cleared = c.amount))
    BEGIN SELECT RAISE(ABORT, 'ledger: match'); END;
