-- A currency (العملة) is changed like any row of the setup. Its code stays, and its decimals stay once an amount is kept in it.
ALTER TABLE currencies ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE FUNCTION diwan_currency_used() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.code <> NEW.code OR (OLD.scale <> NEW.scale AND (OLD.code = 'JOD'
            OR EXISTS (SELECT 1 FROM bank_accounts a WHERE a.currency = OLD.code)
            OR EXISTS (SELECT 1 FROM finance_documents d WHERE d.currency = OLD.code)
            OR EXISTS (SELECT 1 FROM period_balances b WHERE b.currency = OLD.code))) THEN
        RAISE EXCEPTION 'immutable: currencies' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER currencies_fixed BEFORE UPDATE ON currencies FOR EACH ROW EXECUTE FUNCTION diwan_currency_used();
CREATE TRIGGER currencies_kept BEFORE DELETE ON currencies FOR EACH ROW EXECUTE FUNCTION diwan_refuse();

-- Kinds are closed and opened while their period is open, and stay as they are when it closes. Journal vouchers are not among
-- them: they put a month in order, and the end of a year is one. What is being posted to the period ends first.
CREATE FUNCTION diwan_period_kinds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM pg_advisory_xact_lock(4001, OLD.period_id::INTEGER);
        IF EXISTS (SELECT 1 FROM fiscal_periods p WHERE p.id = OLD.period_id AND p.state = 'open') THEN
            RETURN OLD;
        END IF;
    ELSE
        PERFORM pg_advisory_xact_lock(4001, NEW.period_id::INTEGER);
        IF NEW.kind <> 'journal_voucher'
            AND EXISTS (SELECT 1 FROM fiscal_periods p WHERE p.id = NEW.period_id AND p.state = 'open') THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'immutable: period_kinds' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER period_kinds_hold BEFORE INSERT OR DELETE ON period_kinds FOR EACH ROW EXECUTE FUNCTION diwan_period_kinds();
CREATE TRIGGER period_kinds_fixed BEFORE UPDATE ON period_kinds FOR EACH ROW EXECUTE FUNCTION diwan_refuse();
