-- A reopening that ends by itself makes the period again what it was before it.
ALTER TABLE period_reopenings ADD COLUMN was TEXT NOT NULL DEFAULT 'closed' CHECK (was IN ('soft_closed', 'closed'));
CREATE TRIGGER period_reopenings_was BEFORE INSERT ON period_reopenings
    WHEN NEW.was <> (SELECT p.state FROM fiscal_periods p WHERE p.id = NEW.period_id)
    BEGIN SELECT RAISE(ABORT, 'ledger: period'); END;
DROP TRIGGER period_reopenings_fixed;
CREATE TRIGGER period_reopenings_fixed BEFORE UPDATE ON period_reopenings
    WHEN OLD.ended_at IS NOT NULL OR OLD.reason <> NEW.reason OR OLD.opened_by <> NEW.opened_by OR OLD.opened_at <> NEW.opened_at
        OR OLD.until_at <> NEW.until_at OR OLD.was <> NEW.was
    BEGIN SELECT RAISE(ABORT, 'immutable: period_reopenings'); END;

-- An ended year opens the next one with what there was until then: nothing is recorded before it any more, no year is opened there,
-- and no period. It ends when all before it is closed.
CREATE TRIGGER fiscal_years_before_ended BEFORE INSERT ON fiscal_years
    WHEN EXISTS (SELECT 1 FROM year_ends y JOIN fiscal_years f ON f.id = y.year_id
        WHERE y.agency_id = NEW.agency_id AND y.state = 'ended' AND f.year > NEW.year)
    BEGIN SELECT RAISE(ABORT, 'ledger: year'); END;
DROP TRIGGER fiscal_periods_ended;
CREATE TRIGGER fiscal_periods_ended BEFORE UPDATE ON fiscal_periods BEGIN
    SELECT RAISE(ABORT, 'immutable: fiscal_periods') WHERE NEW.state = 'open' AND OLD.state <> 'open'
        AND EXISTS (SELECT 1 FROM year_ends y JOIN fiscal_years f ON f.id = y.year_id
            WHERE y.agency_id = NEW.agency_id AND y.state = 'ended' AND f.ends_on >= NEW.ends_on);
END;
CREATE TRIGGER year_ends_earlier BEFORE UPDATE OF state ON year_ends
    WHEN NEW.state = 'ended' AND EXISTS (SELECT 1 FROM fiscal_years own JOIN fiscal_years f ON f.agency_id = own.agency_id AND f.year < own.year
        JOIN fiscal_periods p ON p.year_id = f.id WHERE own.id = NEW.year_id AND p.state NOT IN ('closed', 'sealed'))
    BEGIN SELECT RAISE(ABORT, 'ledger: year end'); END;

-- An entry is posted once, never before an ended year, and when the time of a reopening is over only as before it.
DROP TRIGGER posted_entries_once;
CREATE TRIGGER posted_entries_once BEFORE INSERT ON posted_entries BEGIN
    SELECT RAISE(ABORT, 'immutable: posted_entries') WHERE EXISTS (SELECT 1 FROM posted_entries p WHERE p.entry_id = NEW.entry_id);
    SELECT RAISE(ABORT, 'ledger: period') WHERE EXISTS (SELECT 1 FROM entries e JOIN period_reopenings r ON r.period_id = e.period_id
            WHERE e.id = NEW.entry_id AND r.ended_at IS NULL AND r.until_at <= e.recorded_at
                AND NOT (r.was = 'soft_closed' AND e.kind = 'journal_voucher'))
        OR EXISTS (SELECT 1 FROM entries e JOIN year_ends y ON y.agency_id = e.agency_id JOIN fiscal_years f ON f.id = y.year_id
            WHERE e.id = NEW.entry_id AND y.state = 'ended' AND f.starts_on > e.effective_on);
    -- This database keeps fractions in whole columns.
    SELECT RAISE(ABORT, 'ledger: lines') WHERE EXISTS (SELECT 1 FROM entry_lines l
        WHERE l.entry_id = NEW.entry_id AND typeof(l.debit + l.credit + l.base_debit + l.base_credit) <> 'integer');
END;
