DROP TRIGGER period_acceptances_open;
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = REPLACE(sql, 'finding IN (''advances'', ''clearing'', ''bank_changed'')', 'finding IN (''advances'', ''clearing'')')
    WHERE type = 'table' AND name = 'period_acceptances';
PRAGMA writable_schema = RESET;
