DROP TRIGGER budget_moves_agency ON budget_moves;
DROP FUNCTION diwan_budget_move_agency();
CREATE OR REPLACE FUNCTION diwan_account_used() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.code <> NEW.code OR OLD.gfsm <> NEW.gfsm OR OLD.side <> NEW.side OR OLD.posting <> NEW.posting OR OLD.budgeted <> NEW.budgeted)
        AND EXISTS (SELECT 1 FROM period_balances b WHERE b.account_id = OLD.id) THEN
        RAISE EXCEPTION 'immutable: accounts' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER posted_entries_trust ON posted_entries;
DROP FUNCTION diwan_post_trust();
DROP TRIGGER finance_documents_advance ON finance_documents;
DROP FUNCTION diwan_advance_held();
ALTER TABLE accounts DROP COLUMN trust;
ALTER TABLE parties DROP COLUMN advance_limit;
