-- What the bank has paid is not given up: a cheque whose line a line of the bank is matched with is neither cancelled nor stale, and
-- the line of one that was given up is matched with nothing.
CREATE FUNCTION diwan_cheque_unmatched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM cleared_lines c
            WHERE c.entry_id = NEW.entry_id AND c.seq = NEW.entry_seq AND c.cleared > 0) THEN
        RAISE EXCEPTION 'ledger: cheque' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cheques_unmatched BEFORE UPDATE OF state ON cheques FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND NEW.state IN ('cancelled', 'stale')) EXECUTE FUNCTION diwan_cheque_unmatched();
CREATE FUNCTION diwan_bank_match_live() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM cheques c
            WHERE c.entry_id = NEW.entry_id AND c.entry_seq = NEW.seq AND c.return_entry_id IS NOT NULL) THEN
        RAISE EXCEPTION 'ledger: match' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bank_matches_live BEFORE INSERT ON bank_matches FOR EACH ROW EXECUTE FUNCTION diwan_bank_match_live();

-- Who adds a transfer to a run or sends the run is not who is paid, and who approved it does not send it.
CREATE FUNCTION diwan_payment_item_payee() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM finance_documents d JOIN parties p ON p.id = d.party_id
            WHERE d.record_id = NEW.document_id AND p.user_id = NEW.added_by) THEN
        RAISE EXCEPTION 'ledger: person' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_items_payee BEFORE INSERT ON payment_items FOR EACH ROW EXECUTE FUNCTION diwan_payment_item_payee();
CREATE FUNCTION diwan_payment_run_sender() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.sent_by = NEW.approved_by OR EXISTS (SELECT 1 FROM payment_items i
            JOIN finance_documents d ON d.record_id = i.document_id JOIN parties p ON p.id = d.party_id
            WHERE i.run_id = NEW.record_id AND p.user_id = NEW.sent_by) THEN
        RAISE EXCEPTION 'ledger: person' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_runs_sender BEFORE UPDATE OF sent_by ON payment_runs FOR EACH ROW
    WHEN (OLD.sent_by IS NULL AND NEW.sent_by IS NOT NULL) EXECUTE FUNCTION diwan_payment_run_sender();

-- Payments that came back, found by what they paid; what gave back to an advance, a deposit or a commitment, by its day. Few of all rows.
CREATE INDEX cheques_came_back ON cheques (document_id) WHERE return_entry_id IS NOT NULL;
CREATE INDEX payment_items_came_back ON payment_items (document_id) WHERE return_entry_id IS NOT NULL;
CREATE INDEX finance_documents_gave_back ON finance_documents (source_id, effective_on) WHERE reverses_id IS NOT NULL;
