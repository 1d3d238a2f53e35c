DROP TRIGGER port_hold_lines_fixed;
CREATE TRIGGER port_hold_lines_fixed BEFORE UPDATE ON port_hold_lines
    WHEN NEW.open > OLD.open OR OLD.hold_id <> NEW.hold_id OR OLD.key_id <> NEW.key_id OR OLD.agency_id <> NEW.agency_id OR OLD.amount <> NEW.amount
    BEGIN SELECT RAISE(ABORT, 'immutable: port_hold_lines'); END;
DROP TABLE port_vouchers;
