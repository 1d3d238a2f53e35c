-- What the bank has paid is not given up: a cheque whose line a line of the bank is matched with is neither cancelled nor stale, and
-- the line of one that was given up is matched with nothing.
CREATE TRIGGER cheques_unmatched BEFORE UPDATE OF state ON cheques
    WHEN OLD.state <> NEW.state AND NEW.state IN ('cancelled', 'stale') AND EXISTS (SELECT 1 FROM cleared_lines c
            WHERE c.entry_id = NEW.entry_id AND c.seq = NEW.entry_seq AND c.cleared > 0)
    BEGIN SELECT RAISE(ABORT, 'ledger: cheque'); END;
CREATE TRIGGER bank_matches_live BEFORE INSERT ON bank_matches
    WHEN EXISTS (SELECT 1 FROM cheques c
            WHERE c.entry_id = NEW.entry_id AND c.entry_seq = NEW.seq AND c.return_entry_id IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'ledger: match'); END;

-- Who adds a transfer to a run or sends the run is not who is paid, and who approved it does not send it.
CREATE TRIGGER payment_items_payee BEFORE INSERT ON payment_items
    WHEN EXISTS (SELECT 1 FROM finance_documents d JOIN parties p ON p.id = d.party_id
            WHERE d.record_id = NEW.document_id AND p.user_id = NEW.added_by)
    BEGIN SELECT RAISE(ABORT, 'ledger: person'); END;
CREATE TRIGGER payment_runs_sender BEFORE UPDATE OF sent_by ON payment_runs
    WHEN OLD.sent_by IS NULL AND NEW.sent_by IS NOT NULL AND (NEW.sent_by = NEW.approved_by OR EXISTS (SELECT 1 FROM payment_items i
            JOIN finance_documents d ON d.record_id = i.document_id JOIN parties p ON p.id = d.party_id
            WHERE i.run_id = NEW.record_id AND p.user_id = NEW.sent_by))
    BEGIN SELECT RAISE(ABORT, 'ledger: person'); END;

-- Payments that came back, found by what they paid; what gave back to an advance, a deposit or a commitment, by its day. Few of all rows.
CREATE INDEX cheques_came_back ON cheques (document_id) WHERE return_entry_id IS NOT NULL;
CREATE INDEX payment_items_came_back ON payment_items (document_id) WHERE return_entry_id IS NOT NULL;
CREATE INDEX finance_documents_gave_back ON finance_documents (source_id, effective_on) WHERE reverses_id IS NOT NULL;
