DROP TRIGGER posted_entries_once;
CREATE TRIGGER posted_entries_once BEFORE INSERT ON posted_entries BEGIN
    SELECT RAISE(ABORT, 'immutable: posted_entries') WHERE EXISTS (SELECT 1 FROM posted_entries p WHERE p.entry_id = NEW.entry_id);
    SELECT RAISE(ABORT, 'ledger: period') WHERE EXISTS (SELECT 1 FROM entries e JOIN period_reopenings r ON r.period_id = e.period_id
            WHERE e.id = NEW.entry_id AND r.ended_at IS NULL AND r.until_at <= e.recorded_at);
    -- This database keeps fractions in whole columns.
    SELECT RAISE(ABORT, 'ledger: lines') WHERE EXISTS (SELECT 1 FROM entry_lines l
        WHERE l.entry_id = NEW.entry_id AND typeof(l.debit + l.credit + l.base_debit + l.base_credit) <> 'integer');
END;
DROP TRIGGER year_ends_earlier;
DROP TRIGGER fiscal_periods_ended;
CREATE TRIGGER fiscal_periods_ended BEFORE UPDATE ON fiscal_periods BEGIN
    SELECT RAISE(ABORT, 'immutable: fiscal_periods') WHERE NEW.state = 'open' AND OLD.state <> 'open'
        AND EXISTS (SELECT 1 FROM year_ends y WHERE y.year_id = NEW.year_id AND y.state = 'ended');
END;
DROP TRIGGER fiscal_years_before_ended;
DROP TRIGGER period_reopenings_was;
DROP TRIGGER period_reopenings_fixed;
CREATE TRIGGER period_reopenings_fixed BEFORE UPDATE ON period_reopenings WHEN OLD.ended_at IS NOT NULL OR OLD.reason <> NEW.reason OR OLD.opened_by <> NEW.opened_by OR OLD.opened_at <> NEW.opened_at OR OLD.until_at <> NEW.until_at
    BEGIN SELECT RAISE(ABORT, 'immutable: period_reopenings'); END;
ALTER TABLE period_reopenings DROP COLUMN was;
