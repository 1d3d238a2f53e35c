DROP TRIGGER budget_moves_agency;
DROP TRIGGER accounts_used;
CREATE TRIGGER accounts_used BEFORE UPDATE ON accounts
    WHEN (OLD.code <> NEW.code OR OLD.gfsm <> NEW.gfsm OR OLD.side <> NEW.side OR OLD.posting <> NEW.posting OR OLD.budgeted <> NEW.budgeted)
        AND EXISTS (SELECT 1 FROM period_balances b WHERE b.account_id = OLD.id)
    BEGIN SELECT RAISE(ABORT, 'immutable: accounts'); END;
DROP TRIGGER posted_entries_trust;
DROP TRIGGER finance_documents_advance;
ALTER TABLE accounts DROP COLUMN trust;
ALTER TABLE parties DROP COLUMN advance_limit;
