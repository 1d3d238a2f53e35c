-- The payment voucher that a liquidation of another module made (مستندات الصرف عن الوحدات), and the commitment of the module that
-- it draws on. It comes with its call, while the voucher is a draft.
CREATE TABLE port_vouchers (
    document_id BIGINT NOT NULL PRIMARY KEY,
    agency_id BIGINT NOT NULL,
    call_id BIGINT NOT NULL UNIQUE REFERENCES port_calls (id),
    hold_id BIGINT,
    FOREIGN KEY (document_id, agency_id) REFERENCES finance_documents (record_id, agency_id),
    FOREIGN KEY (hold_id, agency_id) REFERENCES port_holds (id, agency_id)
);
CREATE INDEX port_vouchers_hold ON port_vouchers (hold_id, agency_id);

CREATE FUNCTION diwan_port_voucher() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM port_calls c JOIN finance_documents d ON d.record_id = NEW.document_id
            WHERE c.id = NEW.call_id AND c.agency_id = NEW.agency_id AND c.operation = 'liquidate' AND NOT c.answered
                AND d.kind = 'payment_voucher' AND d.posted_at IS NULL)
        OR (NEW.hold_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM port_holds h JOIN port_calls c ON c.module = h.module
            WHERE h.id = NEW.hold_id AND h.kind = 'commitment' AND c.id = NEW.call_id)) THEN
        RAISE EXCEPTION 'immutable: port_vouchers' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER port_vouchers_added BEFORE INSERT ON port_vouchers FOR EACH ROW EXECUTE FUNCTION diwan_port_voucher();
CREATE TRIGGER port_vouchers_fixed BEFORE UPDATE ON port_vouchers FOR EACH ROW EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER port_vouchers_kept BEFORE DELETE ON port_vouchers FOR EACH ROW EXECUTE FUNCTION diwan_refuse();
-- What is open becomes less, and more only while a voucher that drew on it is taken back by three persons.
DROP TRIGGER port_hold_lines_fixed ON port_hold_lines;
CREATE FUNCTION diwan_port_hold_line_drawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.hold_id <> NEW.hold_id OR OLD.key_id <> NEW.key_id OR OLD.agency_id <> NEW.agency_id OR OLD.amount <> NEW.amount
        OR (NEW.open > OLD.open AND NOT EXISTS (SELECT 1 FROM port_vouchers v JOIN finance_documents r ON r.reverses_id = v.document_id
            WHERE v.hold_id = NEW.hold_id AND r.posted_at IS NULL AND (SELECT COUNT(DISTINCT a.duty) FROM finance_approvals a
                WHERE a.record_id = r.record_id AND a.round = r.round) = 3)) THEN
        RAISE EXCEPTION 'immutable: port_hold_lines' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER port_hold_lines_fixed BEFORE UPDATE ON port_hold_lines FOR EACH ROW EXECUTE FUNCTION diwan_port_hold_line_drawn();
