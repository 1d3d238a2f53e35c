CREATE OR REPLACE FUNCTION diwan_cheque_unmatched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM cleared_lines c
            WHERE c.entry_id = NEW.entry_id AND c.seq = NEW.entry_seq AND c.cleared > 0) THEN
        RAISE EXCEPTION 'ledger: cheque' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION diwan_bank_match_live() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM cheques c
            WHERE c.entry_id = NEW.entry_id AND c.entry_seq = NEW.seq AND c.return_entry_id IS NOT NULL) THEN
        RAISE EXCEPTION 'ledger: match' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
