-- What was closed, softly closed under its reopening and opened once more, still closes by itself: the reopening that ends there hands
-- on what the period was.
DROP TRIGGER period_reopenings_was;
CREATE TRIGGER period_reopenings_was BEFORE INSERT ON period_reopenings
    WHEN NEW.was <> (SELECT p.state FROM fiscal_periods p WHERE p.id = NEW.period_id)
        AND NOT EXISTS (SELECT 1 FROM fiscal_periods p JOIN period_reopenings o ON o.period_id = p.id
            WHERE p.id = NEW.period_id AND p.state = 'soft_closed' AND o.was = NEW.was AND o.ended_at = NEW.opened_at)
    BEGIN SELECT RAISE(ABORT, 'ledger: period'); END;
