-- Who decides on a virement (صاحب الصلاحية): within a programme or between two ('' for both), and the right that who authorises it
-- has ('' for any).
ALTER TABLE virement_rules ADD COLUMN scope TEXT NOT NULL DEFAULT '' CHECK (scope IN ('', 'within', 'between'));
ALTER TABLE virement_rules ADD COLUMN permission TEXT NOT NULL DEFAULT '';

-- What a financial order is (نوع الأمر المالي): general or special.
ALTER TABLE finance_details ADD COLUMN order_kind TEXT CHECK (order_kind IN ('general', 'special'));

-- What of a contract of several years goes on in another commitment (شرائح الالتزام): that commits what has fallen due of its
-- slices, and has the later ones as its own.
CREATE TABLE commitment_continuations (
    document_id BIGINT NOT NULL PRIMARY KEY,
    agency_id BIGINT NOT NULL,
    record_id BIGINT NOT NULL UNIQUE,
    CHECK (document_id <> record_id),
    FOREIGN KEY (document_id, agency_id) REFERENCES finance_documents (record_id, agency_id),
    FOREIGN KEY (record_id, agency_id) REFERENCES finance_documents (record_id, agency_id)
);

-- What becomes of what another module still holds at the end of a year: as of a commitment.
CREATE TABLE year_end_holds (
    hold_id BIGINT NOT NULL PRIMARY KEY,
    year_id BIGINT NOT NULL REFERENCES year_ends (year_id),
    agency_id BIGINT NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('carry', 'lapse')),
    reason TEXT NOT NULL CHECK (reason <> ''),
    decided_by BIGINT NOT NULL REFERENCES users (id),
    decided_at TIMESTAMP NOT NULL,
    amount BIGINT CHECK (amount > 0),
    carried_id BIGINT UNIQUE REFERENCES port_holds (id),
    CHECK (carried_id IS NULL OR (decision = 'carry' AND amount IS NOT NULL)),
    FOREIGN KEY (hold_id, agency_id) REFERENCES port_holds (id, agency_id)
);
CREATE INDEX year_end_holds_year ON year_end_holds (year_id, hold_id);

-- A posted commitment goes on in one that is a draft; what was posted stays.
CREATE FUNCTION diwan_commitment_continuations_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM finance_documents d JOIN finance_documents f ON f.record_id = NEW.record_id
            WHERE d.record_id = NEW.document_id AND d.kind = 'commitment' AND d.posted_at IS NULL AND d.reverses_id IS NULL
                AND f.kind = 'commitment' AND f.posted_at IS NOT NULL) THEN
        RAISE EXCEPTION 'immutable: commitment_continuations' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER commitment_continuations_added BEFORE INSERT ON commitment_continuations FOR EACH ROW EXECUTE FUNCTION diwan_commitment_continuations_added();
CREATE FUNCTION diwan_commitment_continuations_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.document_id <> NEW.document_id OR OLD.agency_id <> NEW.agency_id OR EXISTS (SELECT 1 FROM finance_documents d WHERE d.record_id = OLD.document_id AND d.posted_at IS NOT NULL)
        OR NOT EXISTS (SELECT 1 FROM finance_documents d JOIN finance_documents f ON f.record_id = NEW.record_id
            WHERE d.record_id = NEW.document_id AND d.kind = 'commitment' AND d.posted_at IS NULL AND d.reverses_id IS NULL
                AND f.kind = 'commitment' AND f.posted_at IS NOT NULL) THEN
        RAISE EXCEPTION 'immutable: commitment_continuations' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER commitment_continuations_fixed BEFORE UPDATE ON commitment_continuations FOR EACH ROW EXECUTE FUNCTION diwan_commitment_continuations_fixed();
CREATE FUNCTION diwan_commitment_continuations_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM finance_documents d WHERE d.record_id = OLD.document_id AND d.posted_at IS NOT NULL) THEN
        RAISE EXCEPTION 'immutable: commitment_continuations' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER commitment_continuations_kept BEFORE DELETE ON commitment_continuations FOR EACH ROW EXECUTE FUNCTION diwan_commitment_continuations_kept();
-- What goes on is all that was left of the contract: nothing more, nothing less.
CREATE FUNCTION diwan_finance_documents_continued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.posted_at IS NULL AND NEW.posted_at IS NOT NULL AND EXISTS (SELECT 1 FROM commitment_continuations n WHERE n.document_id = NEW.record_id
            AND NEW.base_amount + (SELECT COALESCE(SUM(s.amount), 0) FROM commitment_slices s WHERE s.record_id = n.document_id)
                <> (SELECT COALESCE(SUM(s.amount), 0) FROM commitment_slices s WHERE s.record_id = n.record_id)) THEN
        RAISE EXCEPTION 'ledger: slices' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER finance_documents_continued BEFORE UPDATE OF posted_at ON finance_documents FOR EACH ROW EXECUTE FUNCTION diwan_finance_documents_continued();
CREATE FUNCTION diwan_year_end_holds_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.amount IS NOT NULL OR NEW.carried_id IS NOT NULL
        OR NOT EXISTS (SELECT 1 FROM year_ends y JOIN port_holds h ON h.year_id = y.year_id
            WHERE y.year_id = NEW.year_id AND y.state = 'draft' AND h.id = NEW.hold_id) THEN
        RAISE EXCEPTION 'immutable: year_end_holds' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER year_end_holds_added BEFORE INSERT ON year_end_holds FOR EACH ROW EXECUTE FUNCTION diwan_year_end_holds_added();
CREATE FUNCTION diwan_year_end_holds_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM year_ends y WHERE y.year_id = OLD.year_id AND y.state = 'ended')
        OR OLD.hold_id <> NEW.hold_id OR OLD.year_id <> NEW.year_id OR OLD.agency_id <> NEW.agency_id
        OR (EXISTS (SELECT 1 FROM year_ends y WHERE y.year_id = OLD.year_id AND y.state = 'prepared')
            AND (OLD.decision <> NEW.decision OR OLD.reason <> NEW.reason OR OLD.decided_by <> NEW.decided_by OR OLD.decided_at <> NEW.decided_at))
        OR (OLD.amount IS NOT NULL AND (NEW.amount IS NULL OR OLD.amount <> NEW.amount))
        OR (OLD.carried_id IS NOT NULL AND (NEW.carried_id IS NULL OR OLD.carried_id <> NEW.carried_id))
        OR ((NEW.amount IS NOT NULL OR NEW.carried_id IS NOT NULL)
            AND NOT EXISTS (SELECT 1 FROM year_ends y WHERE y.year_id = NEW.year_id AND y.confirmed_by IS NOT NULL)) THEN
        RAISE EXCEPTION 'immutable: year_end_holds' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER year_end_holds_fixed BEFORE UPDATE ON year_end_holds FOR EACH ROW EXECUTE FUNCTION diwan_year_end_holds_fixed();
CREATE FUNCTION diwan_year_end_holds_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM year_ends y WHERE y.year_id = OLD.year_id AND y.state = 'draft') THEN
        RAISE EXCEPTION 'immutable: year_end_holds' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER year_end_holds_kept BEFORE DELETE ON year_end_holds FOR EACH ROW EXECUTE FUNCTION diwan_year_end_holds_kept();
-- Nothing that another module holds lapses with its year without a decision, and nothing stays open in an ended year.
CREATE FUNCTION diwan_port_hold_lines_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.open > 0 AND NEW.open = 0 AND EXISTS (SELECT 1 FROM port_holds h JOIN year_ends y ON y.year_id = h.year_id
            WHERE h.id = NEW.hold_id AND y.state = 'prepared' AND y.confirmed_by IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM year_end_holds e WHERE e.hold_id = h.id)) THEN
        RAISE EXCEPTION 'ledger: hold' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER port_hold_lines_decided BEFORE UPDATE OF open ON port_hold_lines FOR EACH ROW EXECUTE FUNCTION diwan_port_hold_lines_decided();
CREATE FUNCTION diwan_year_ends_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'ended' AND EXISTS (SELECT 1 FROM port_holds h JOIN port_hold_lines l ON l.hold_id = h.id WHERE h.year_id = NEW.year_id AND l.open > 0) THEN
        RAISE EXCEPTION 'ledger: year end' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER year_ends_holds BEFORE UPDATE OF state ON year_ends FOR EACH ROW EXECUTE FUNCTION diwan_year_ends_holds();
