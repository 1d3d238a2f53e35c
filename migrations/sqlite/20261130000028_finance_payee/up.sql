-- Whoever is paid has no duty at all: they do not prepare either. And who authorises a commitment binds the agency to all of its
-- contract, with what falls on later years.
DROP TRIGGER finance_approvals_hold;
CREATE TRIGGER finance_approvals_hold BEFORE INSERT ON finance_approvals BEGIN
    SELECT RAISE(ABORT, 'finance: payee') WHERE EXISTS (SELECT 1 FROM finance_documents d
        JOIN parties p ON p.id = d.party_id WHERE d.record_id = NEW.record_id AND p.user_id IN (NEW.user_id, NEW.on_behalf_of));
    SELECT RAISE(ABORT, 'finance: authority') WHERE NEW.duty = 'authorise' AND NOT EXISTS (SELECT 1 FROM finance_documents d
        JOIN authority_limits l ON l.agency_id = d.agency_id AND l.user_id = COALESCE(NEW.on_behalf_of, NEW.user_id)
        WHERE d.record_id = NEW.record_id AND l.kind IN ('', d.kind)
            AND l.amount >= d.base_amount + CASE d.kind WHEN 'commitment'
                THEN (SELECT COALESCE(SUM(s.amount), 0) FROM commitment_slices s WHERE s.record_id = d.record_id) ELSE 0 END
            AND l.active_from <= NEW.on_day AND (l.active_to IS NULL OR l.active_to >= NEW.on_day));
END;
DROP TRIGGER finance_documents_within;
CREATE TRIGGER finance_documents_within BEFORE UPDATE OF posted_at ON finance_documents
    WHEN OLD.posted_at IS NULL AND NEW.posted_at IS NOT NULL
        AND EXISTS (SELECT 1 FROM finance_approvals a WHERE a.record_id = NEW.record_id AND a.round = NEW.round AND a.duty = 'authorise')
            AND NOT EXISTS (SELECT 1 FROM finance_approvals a
                JOIN authority_limits l ON l.agency_id = NEW.agency_id AND l.user_id = COALESCE(a.on_behalf_of, a.user_id)
                WHERE a.record_id = NEW.record_id AND a.round = NEW.round AND a.duty = 'authorise' AND l.kind IN ('', NEW.kind)
                    AND l.amount >= NEW.base_amount + CASE NEW.kind WHEN 'commitment'
                        THEN (SELECT COALESCE(SUM(s.amount), 0) FROM commitment_slices s WHERE s.record_id = NEW.record_id) ELSE 0 END
                    AND l.active_from <= a.on_day AND (l.active_to IS NULL OR l.active_to >= a.on_day))
    BEGIN SELECT RAISE(ABORT, 'ledger: authority'); END;
