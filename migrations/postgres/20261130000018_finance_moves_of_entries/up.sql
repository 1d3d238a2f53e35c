-- The moves of an entry are of its day and of its record, so that a position on a day and its drill-down say what the books say;
-- and they are of the year of its period: what a year spent comes back into its own budget. What is owed is paid whenever it is
-- paid, in the next year as well, and what the bank sends back is owed again.
CREATE FUNCTION diwan_post_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM entries e JOIN fiscal_periods p ON p.id = e.period_id
            JOIN budget_moves m ON m.entry_id = e.id JOIN budget_lines b ON b.id = m.line_id
            WHERE e.id = NEW.entry_id AND (m.effective_on <> e.effective_on OR m.record_id IS DISTINCT FROM e.record_id
                OR (b.year_id <> p.year_id AND NOT (m.source IN ('obligated', 'paid') AND m.target IN ('obligated', 'paid'))))) THEN
        RAISE EXCEPTION 'ledger: moves' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER posted_entries_moves BEFORE INSERT ON posted_entries FOR EACH ROW EXECUTE FUNCTION diwan_post_moves();
