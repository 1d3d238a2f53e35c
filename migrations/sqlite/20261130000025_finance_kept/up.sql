-- Books of a bank account that were changed after they were reconciled are a warning, which may be accepted.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = REPLACE(sql, 'finding IN (''advances'', ''clearing'')', 'finding IN (''advances'', ''clearing'', ''bank_changed'')')
    WHERE type = 'table' AND name = 'period_acceptances';
PRAGMA writable_schema = RESET;
-- A warning is accepted while its period may still be closed.
CREATE TRIGGER period_acceptances_open BEFORE INSERT ON period_acceptances
    WHEN NOT EXISTS (SELECT 1 FROM fiscal_periods p WHERE p.id = NEW.period_id AND p.state IN ('open', 'soft_closed'))
    BEGIN SELECT RAISE(ABORT, 'ledger: period'); END;
