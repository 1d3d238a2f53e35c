-- A cheque that the bank paid and gave back: it is given up once a line of the bank is matched with the line that takes it back, and
-- only then a line of the bank is matched with its own.
CREATE OR REPLACE FUNCTION diwan_cheque_unmatched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM cleared_lines c
            WHERE c.entry_id = NEW.entry_id AND c.seq = NEW.entry_seq AND c.cleared > 0)
        AND NOT EXISTS (SELECT 1 FROM cleared_lines c
            WHERE c.entry_id = NEW.return_entry_id AND c.seq = NEW.return_seq AND c.cleared = c.amount) THEN
        RAISE EXCEPTION 'ledger: cheque' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION diwan_bank_match_live() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM cheques q
            WHERE q.entry_id = NEW.entry_id AND q.entry_seq = NEW.seq AND q.return_entry_id IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM cleared_lines c
                    WHERE c.entry_id = q.return_entry_id AND c.seq = q.return_seq AND c.cleared = c.amount)) THEN
        RAISE EXCEPTION 'ledger: match' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
