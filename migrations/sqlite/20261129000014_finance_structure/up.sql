-- A currency (العملة) is changed like any row of the setup. Its code stays, and its decimals stay once an amount is kept in it.
ALTER TABLE currencies ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE TRIGGER currencies_fixed BEFORE UPDATE ON currencies
    WHEN OLD.code <> NEW.code OR (OLD.scale <> NEW.scale AND (OLD.code = 'JOD'
        OR EXISTS (SELECT 1 FROM bank_accounts a WHERE a.currency = OLD.code)
        OR EXISTS (SELECT 1 FROM finance_documents d WHERE d.currency = OLD.code)
        OR EXISTS (SELECT 1 FROM period_balances b WHERE b.currency = OLD.code)))
    BEGIN SELECT RAISE(ABORT, 'immutable: currencies'); END;
CREATE TRIGGER currencies_kept BEFORE DELETE ON currencies
    BEGIN SELECT RAISE(ABORT, 'immutable: currencies'); END;

-- Kinds are closed and opened while their period is open, and stay as they are when it closes. Journal vouchers are not among
-- them: they put a month in order, and the end of a year is one.
CREATE TRIGGER period_kinds_added BEFORE INSERT ON period_kinds
    WHEN NEW.kind = 'journal_voucher'
        OR NOT EXISTS (SELECT 1 FROM fiscal_periods p WHERE p.id = NEW.period_id AND p.state = 'open')
    BEGIN SELECT RAISE(ABORT, 'immutable: period_kinds'); END;
CREATE TRIGGER period_kinds_fixed BEFORE UPDATE ON period_kinds
    BEGIN SELECT RAISE(ABORT, 'immutable: period_kinds'); END;
CREATE TRIGGER period_kinds_kept BEFORE DELETE ON period_kinds
    WHEN NOT EXISTS (SELECT 1 FROM fiscal_periods p WHERE p.id = OLD.period_id AND p.state = 'open')
    BEGIN SELECT RAISE(ABORT, 'immutable: period_kinds'); END;
