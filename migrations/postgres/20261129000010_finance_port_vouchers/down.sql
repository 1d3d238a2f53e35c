DROP TRIGGER port_hold_lines_fixed ON port_hold_lines;
DROP FUNCTION diwan_port_hold_line_drawn();
CREATE TRIGGER port_hold_lines_fixed BEFORE UPDATE ON port_hold_lines FOR EACH ROW
    WHEN (NEW.open > OLD.open OR OLD.hold_id <> NEW.hold_id OR OLD.key_id <> NEW.key_id OR OLD.agency_id <> NEW.agency_id OR OLD.amount <> NEW.amount) EXECUTE FUNCTION diwan_refuse();
DROP TABLE port_vouchers;
DROP FUNCTION diwan_port_voucher();
