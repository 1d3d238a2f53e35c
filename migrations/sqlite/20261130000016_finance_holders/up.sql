-- How much of advances a party may hold (سقف السلف), in minor units of the base currency; none where nothing limits it.
ALTER TABLE parties ADD COLUMN advance_limit BIGINT CHECK (advance_limit >= 0);
-- What lies on these accounts is other people's money (أمانات): the cash, what is owed of it, and what is on its way back.
ALTER TABLE accounts ADD COLUMN trust BOOLEAN NOT NULL DEFAULT FALSE CHECK (NOT trust OR substr(gfsm, 1, 2) IN ('32', '33', '62', '63'));

-- The accounts of the ready chart by which statements told trust apart until now, and one for refunds that wait to be paid.
UPDATE accounts SET trust = TRUE
    WHERE posting AND (code LIKE '620204%' OR code IN ('630815', '630819')
        OR (code = '630816' AND name_en = 'Deposits being refunded')) AND substr(gfsm, 1, 2) IN ('32', '33', '62', '63');
INSERT INTO accounts (agency_id, parent_id, code, name_ar, name_en, side, posting, gfsm, currency, budgeted, needs_party, needs_centre,
        active_from, version, trust)
    SELECT a.agency_id, a.parent_id, '630816', 'أمانات قيد الرد', 'Deposits being refunded', a.side, TRUE, a.gfsm, a.currency, FALSE,
        a.needs_party, FALSE, a.active_from, 1, TRUE
    FROM accounts a WHERE a.code = '630815' AND a.trust
        AND NOT EXISTS (SELECT 1 FROM accounts b WHERE b.agency_id = a.agency_id AND b.code = '630816');

-- Who holds an advance holds no more than the ceiling with it, and none that is past its day. All of a new one is to be settled.
-- SQLite has one writer, so two never look at once.
CREATE TRIGGER finance_documents_advance BEFORE UPDATE OF posted_at ON finance_documents
    WHEN OLD.posted_at IS NULL AND NEW.posted_at IS NOT NULL AND NEW.kind = 'advance' AND NEW.reverses_id IS NULL AND (
        NEW.party_id IS NULL OR NEW.to_settle <> NEW.base_amount
        OR NEW.base_amount + (SELECT COALESCE(SUM(d.to_settle), 0) FROM finance_documents d
                WHERE d.party_id = NEW.party_id AND d.agency_id = NEW.agency_id AND d.kind = 'advance')
            > (SELECT p.advance_limit FROM parties p WHERE p.id = NEW.party_id)
        OR EXISTS (SELECT 1 FROM finance_documents d JOIN records x ON x.id = d.record_id
            WHERE d.party_id = NEW.party_id AND d.agency_id = NEW.agency_id AND d.kind = 'advance' AND d.to_settle > 0
                AND x.due_on < date(NEW.posted_at)))
    BEGIN SELECT RAISE(ABORT, 'ledger: advance'); END;

-- What an entry brings to accounts of trust it takes from others of them, in each currency: so cash held in trust is always what
-- is owed of it.
CREATE TRIGGER posted_entries_trust BEFORE INSERT ON posted_entries
    WHEN EXISTS (SELECT 1 FROM entry_lines l JOIN accounts a ON a.id = l.account_id
        WHERE l.entry_id = NEW.entry_id AND a.trust GROUP BY l.currency HAVING SUM(l.debit) <> SUM(l.credit))
    BEGIN SELECT RAISE(ABORT, 'ledger: trust'); END;

-- An account that was posted to keeps its code, its side and what statements read of it, stays a leaf, and is of trust or not.
DROP TRIGGER accounts_used;
CREATE TRIGGER accounts_used BEFORE UPDATE ON accounts
    WHEN (OLD.code <> NEW.code OR OLD.gfsm <> NEW.gfsm OR OLD.side <> NEW.side OR OLD.posting <> NEW.posting
        OR OLD.budgeted <> NEW.budgeted OR OLD.trust <> NEW.trust)
        AND EXISTS (SELECT 1 FROM period_balances b WHERE b.account_id = OLD.id)
    BEGIN SELECT RAISE(ABORT, 'immutable: accounts'); END;

-- The budget of an agency is spent by its own entries.
CREATE TRIGGER budget_moves_agency BEFORE INSERT ON budget_moves
    WHEN NEW.entry_id IS NOT NULL AND (SELECT e.agency_id FROM entries e WHERE e.id = NEW.entry_id)
        <> (SELECT b.agency_id FROM budget_lines b WHERE b.id = NEW.line_id)
    BEGIN SELECT RAISE(ABORT, 'ledger: agency'); END;
