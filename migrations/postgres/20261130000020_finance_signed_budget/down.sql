CREATE OR REPLACE FUNCTION diwan_period_sign_offs_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.entries <> (SELECT COUNT(*) FROM entries e WHERE e.period_id = NEW.period_id)
        OR NEW.reopenings <> (SELECT COUNT(*) FROM period_reopenings o WHERE o.period_id = NEW.period_id)
        OR NOT EXISTS (SELECT 1 FROM closing_rules c WHERE c.id = NEW.rule_id AND c.kind = 'sign_off') THEN
        RAISE EXCEPTION 'ledger: sign-off' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM period_sign_offs s JOIN closing_rules own ON own.id = NEW.rule_id JOIN closing_rules c ON c.id = s.rule_id
        WHERE s.period_id = NEW.period_id AND s.entries = NEW.entries AND s.reopenings = NEW.reopenings AND s.signed_by = NEW.signed_by
            AND s.rule_id <> NEW.rule_id AND (own.other_person OR c.other_person)) THEN
        RAISE EXCEPTION 'ledger: person' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
DROP INDEX budget_moves_alone;
DROP INDEX finance_documents_budget;
DROP VIEW period_budget;
