-- What was closed, softly closed under its reopening and opened once more, still closes by itself: the reopening that ends there hands
-- on what the period was.
CREATE OR REPLACE FUNCTION diwan_period_reopening_was() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.was <> (SELECT p.state FROM fiscal_periods p WHERE p.id = NEW.period_id)
        AND NOT EXISTS (SELECT 1 FROM fiscal_periods p JOIN period_reopenings o ON o.period_id = p.id
            WHERE p.id = NEW.period_id AND p.state = 'soft_closed' AND o.was = NEW.was AND o.ended_at = NEW.opened_at) THEN
        RAISE EXCEPTION 'ledger: period' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
