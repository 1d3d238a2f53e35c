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

CREATE TRIGGER port_vouchers_added BEFORE INSERT ON port_vouchers
    WHEN NOT EXISTS (SELECT 1 FROM port_calls c JOIN finance_documents d ON d.record_id = NEW.document_id
            WHERE c.id = NEW.call_id AND c.agency_id = NEW.agency_id AND c.operation = 'liquidate' AND NOT c.answered
                AND d.kind = 'payment_voucher' AND d.posted_at IS NULL)
        OR (NEW.hold_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM port_holds h JOIN port_calls c ON c.module = h.module
            WHERE h.id = NEW.hold_id AND h.kind = 'commitment' AND c.id = NEW.call_id))
    BEGIN SELECT RAISE(ABORT, 'immutable: port_vouchers'); END;
CREATE TRIGGER port_vouchers_fixed BEFORE UPDATE ON port_vouchers
    BEGIN SELECT RAISE(ABORT, 'immutable: port_vouchers'); END;
CREATE TRIGGER port_vouchers_kept BEFORE DELETE ON port_vouchers
    BEGIN SELECT RAISE(ABORT, 'immutable: port_vouchers'); END;
-- What is open becomes less, and more only while a voucher that drew on it is taken back by three persons.
DROP TRIGGER port_hold_lines_fixed;
CREATE TRIGGER port_hold_lines_fixed BEFORE UPDATE ON port_hold_lines
    WHEN OLD.hold_id <> NEW.hold_id OR OLD.key_id <> NEW.key_id OR OLD.agency_id <> NEW.agency_id OR OLD.amount <> NEW.amount
        OR (NEW.open > OLD.open AND NOT EXISTS (SELECT 1 FROM port_vouchers v JOIN finance_documents r ON r.reverses_id = v.document_id
            WHERE v.hold_id = NEW.hold_id AND r.posted_at IS NULL AND (SELECT COUNT(DISTINCT a.duty) FROM finance_approvals a
                WHERE a.record_id = r.record_id AND a.round = r.round) = 3))
    BEGIN SELECT RAISE(ABORT, 'immutable: port_hold_lines'); END;
