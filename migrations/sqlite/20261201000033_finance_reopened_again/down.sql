DROP TRIGGER period_reopenings_was;
CREATE TRIGGER period_reopenings_was BEFORE INSERT ON period_reopenings
    WHEN NEW.was <> (SELECT p.state FROM fiscal_periods p WHERE p.id = NEW.period_id)
    BEGIN SELECT RAISE(ABORT, 'ledger: period'); END;
