CREATE OR REPLACE FUNCTION diwan_post_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM posted_entries p WHERE p.entry_id = NEW.entry_id) THEN
        RAISE EXCEPTION 'immutable: posted_entries' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM entries e JOIN period_reopenings r ON r.period_id = e.period_id
            WHERE e.id = NEW.entry_id AND r.ended_at IS NULL AND r.until_at <= e.recorded_at) THEN
        RAISE EXCEPTION 'ledger: period' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER year_ends_earlier ON year_ends;
DROP FUNCTION diwan_year_ends_earlier();
CREATE OR REPLACE FUNCTION diwan_fiscal_periods_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'open' AND OLD.state <> 'open'
        AND EXISTS (SELECT 1 FROM year_ends y WHERE y.year_id = NEW.year_id AND y.state = 'ended') THEN
        RAISE EXCEPTION 'immutable: fiscal_periods' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER fiscal_years_before_ended ON fiscal_years;
DROP FUNCTION diwan_fiscal_year_before_ended();
DROP TRIGGER period_reopenings_was ON period_reopenings;
DROP FUNCTION diwan_period_reopening_was();
DROP TRIGGER period_reopenings_fixed ON period_reopenings;
CREATE TRIGGER period_reopenings_fixed BEFORE UPDATE ON period_reopenings FOR EACH ROW
    WHEN (OLD.ended_at IS NOT NULL OR OLD.reason <> NEW.reason OR OLD.opened_by <> NEW.opened_by OR OLD.opened_at <> NEW.opened_at OR OLD.until_at <> NEW.until_at) EXECUTE FUNCTION diwan_refuse();
ALTER TABLE period_reopenings DROP COLUMN was;
