-- Whoever is paid has no duty at all: they do not prepare either. And who authorises a commitment binds the agency to all of its
-- contract, with what falls on later years.
CREATE OR REPLACE FUNCTION diwan_finance_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM finance_documents d
        JOIN parties p ON p.id = d.party_id WHERE d.record_id = NEW.record_id AND p.user_id IN (NEW.user_id, NEW.on_behalf_of)) THEN
        RAISE EXCEPTION 'finance: payee' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.duty = 'authorise' AND NOT EXISTS (SELECT 1 FROM finance_documents d
        JOIN authority_limits l ON l.agency_id = d.agency_id AND l.user_id = COALESCE(NEW.on_behalf_of, NEW.user_id)
        WHERE d.record_id = NEW.record_id AND l.kind IN ('', d.kind)
            AND l.amount >= d.base_amount + CASE d.kind WHEN 'commitment'
                THEN (SELECT COALESCE(SUM(s.amount), 0) FROM commitment_slices s WHERE s.record_id = d.record_id) ELSE 0 END
            AND l.active_from <= NEW.on_day AND (l.active_to IS NULL OR l.active_to >= NEW.on_day)) THEN
        RAISE EXCEPTION 'finance: authority' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION diwan_finance_document_within() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM finance_approvals a WHERE a.record_id = NEW.record_id AND a.round = NEW.round AND a.duty = 'authorise')
            AND NOT EXISTS (SELECT 1 FROM finance_approvals a
                JOIN authority_limits l ON l.agency_id = NEW.agency_id AND l.user_id = COALESCE(a.on_behalf_of, a.user_id)
                WHERE a.record_id = NEW.record_id AND a.round = NEW.round AND a.duty = 'authorise' AND l.kind IN ('', NEW.kind)
                    AND l.amount >= NEW.base_amount + CASE NEW.kind WHEN 'commitment'
                        THEN (SELECT COALESCE(SUM(s.amount), 0) FROM commitment_slices s WHERE s.record_id = NEW.record_id) ELSE 0 END
                    AND l.active_from <= a.on_day AND (l.active_to IS NULL OR l.active_to >= a.on_day)) THEN
        RAISE EXCEPTION 'ledger: authority' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
