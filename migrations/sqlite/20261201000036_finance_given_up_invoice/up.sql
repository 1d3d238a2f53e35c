-- A claim that was given up and comes back is a new voucher: its invoice may come again, as that of a voucher that was taken back.
DROP TRIGGER finance_documents_fixed;
CREATE TRIGGER finance_documents_fixed BEFORE UPDATE ON finance_documents
    WHEN OLD.posted_at IS NOT NULL AND (
        (OLD.record_id, OLD.agency_id, OLD.year_id, OLD.kind, OLD.effective_on, OLD.complementary, OLD.currency, OLD.rate,
            OLD.amount, OLD.base_amount, OLD.party_id, OLD.counter_id, OLD.source_id, OLD.reference, OLD.reference_on, OLD.method,
            OLD.round, OLD.entry_id, OLD.posted_at, OLD.reverses_id)
        IS NOT
        (NEW.record_id, NEW.agency_id, NEW.year_id, NEW.kind, NEW.effective_on, NEW.complementary, NEW.currency, NEW.rate,
            NEW.amount, NEW.base_amount, NEW.party_id, NEW.counter_id, NEW.source_id, NEW.reference, NEW.reference_on, NEW.method,
            NEW.round, NEW.entry_id, NEW.posted_at, NEW.reverses_id)
        OR (OLD.invoice_key IS NOT NEW.invoice_key AND NOT (NEW.invoice_key IS NULL
            AND (EXISTS (SELECT 1 FROM finance_postings p WHERE p.reverses_id = OLD.record_id)
                OR EXISTS (SELECT 1 FROM finance_postings p WHERE p.source_id = OLD.record_id AND p.kind = 'journal_voucher')))))
    BEGIN SELECT RAISE(ABORT, 'immutable: finance_documents'); END;
