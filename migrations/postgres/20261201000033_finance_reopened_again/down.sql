CREATE OR REPLACE FUNCTION diwan_period_reopening_was() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.was <> (SELECT p.state FROM fiscal_periods p WHERE p.id = NEW.period_id) THEN
        RAISE EXCEPTION 'ledger: period' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
