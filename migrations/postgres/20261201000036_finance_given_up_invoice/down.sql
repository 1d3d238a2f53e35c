CREATE OR REPLACE FUNCTION diwan_finance_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'immutable: finance_documents' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.posted_at IS NOT NULL THEN
            RAISE EXCEPTION 'finance: approvals' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.posted_at IS NOT NULL AND (
        (OLD.record_id, OLD.agency_id, OLD.year_id, OLD.kind, OLD.effective_on, OLD.complementary, OLD.currency, OLD.rate,
            OLD.amount, OLD.base_amount, OLD.party_id, OLD.counter_id, OLD.source_id, OLD.reference, OLD.reference_on, OLD.method,
            OLD.round, OLD.entry_id, OLD.posted_at, OLD.reverses_id)
        IS DISTINCT FROM
        (NEW.record_id, NEW.agency_id, NEW.year_id, NEW.kind, NEW.effective_on, NEW.complementary, NEW.currency, NEW.rate,
            NEW.amount, NEW.base_amount, NEW.party_id, NEW.counter_id, NEW.source_id, NEW.reference, NEW.reference_on, NEW.method,
            NEW.round, NEW.entry_id, NEW.posted_at, NEW.reverses_id)
        OR (OLD.invoice_key IS DISTINCT FROM NEW.invoice_key AND NOT (NEW.invoice_key IS NULL
            AND EXISTS (SELECT 1 FROM finance_postings p WHERE p.reverses_id = OLD.record_id)))) THEN
        RAISE EXCEPTION 'immutable: finance_documents' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.posted_at IS NULL AND NEW.posted_at IS NOT NULL AND (SELECT COUNT(DISTINCT a.duty) FROM finance_approvals a
        WHERE a.record_id = NEW.record_id AND a.round = NEW.round) < 3
        AND NOT EXISTS (SELECT 1 FROM year_ends y WHERE y.record_id = NEW.record_id AND y.state = 'prepared')
        AND NOT EXISTS (SELECT 1 FROM year_end_commitments c JOIN year_ends y ON y.year_id = c.year_id
            WHERE c.carried_id = NEW.record_id AND y.state = 'prepared' AND y.confirmed_by IS NOT NULL) THEN
        RAISE EXCEPTION 'finance: approvals' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
