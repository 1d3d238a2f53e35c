DROP TRIGGER period_balances_added;
DROP TRIGGER period_balances_fixed;
DROP TRIGGER period_balances_kept;
DROP TRIGGER posted_entries_once;
DROP TRIGGER budget_moves_sealed;
DROP TRIGGER finance_documents_sealed;
DROP TRIGGER fiscal_years_fixed;
DROP TRIGGER fiscal_years_kept;
DROP TRIGGER finance_documents_within;
DROP TRIGGER finance_documents_settled;
DROP TRIGGER finance_lines_open;
DROP TRIGGER commitment_slices_added;
DROP TRIGGER commitment_slices_fixed;
DROP TRIGGER commitment_slices_kept;
DROP TRIGGER line_cash_begun;
DROP TRIGGER line_cash_released;
DROP TRIGGER line_cash_kept;
DROP TRIGGER numbers_follow;
DROP TRIGGER finance_approvals_apart;
DROP TRIGGER payment_items_payer;
DROP TRIGGER payment_runs_payer;
DROP TRIGGER cheques_payer;
DROP TRIGGER posted_entries_hold;
CREATE TRIGGER posted_entries_hold BEFORE INSERT ON posted_entries BEGIN
    SELECT RAISE(ABORT, 'ledger: unbalanced') WHERE
        (SELECT COUNT(*) FROM entry_lines WHERE entry_id = NEW.entry_id) <> NEW.lines
        OR (SELECT SUM(base_debit) FROM entry_lines WHERE entry_id = NEW.entry_id) <> NEW.total
        OR (SELECT SUM(base_credit) FROM entry_lines WHERE entry_id = NEW.entry_id) <> NEW.total
        OR EXISTS (SELECT 1 FROM entry_lines WHERE entry_id = NEW.entry_id GROUP BY currency HAVING SUM(debit) <> SUM(credit));
    SELECT RAISE(ABORT, 'ledger: period') WHERE
        NOT EXISTS (SELECT 1 FROM entries e JOIN fiscal_periods p ON p.id = e.period_id
            WHERE e.id = NEW.entry_id AND e.effective_on BETWEEN p.starts_on AND p.ends_on
            AND (p.state = 'open' OR (p.state = 'soft_closed' AND e.kind = 'journal_voucher'))
            AND NOT EXISTS (SELECT 1 FROM period_kinds k WHERE k.period_id = p.id AND k.kind = e.kind));
    SELECT RAISE(ABORT, 'ledger: lines') WHERE
        EXISTS (SELECT 1 FROM entry_lines l JOIN entries e ON e.id = l.entry_id
            WHERE e.id = NEW.entry_id AND (l.period_id <> e.period_id OR l.effective_on <> e.effective_on));
    SELECT RAISE(ABORT, 'ledger: account') WHERE NOT EXISTS (SELECT 1 FROM entries e JOIN year_ends y ON y.record_id = e.record_id WHERE e.id = NEW.entry_id)
        AND EXISTS (SELECT 1 FROM entry_lines l JOIN accounts a ON a.id = l.account_id
            WHERE l.entry_id = NEW.entry_id AND (NOT a.posting OR l.effective_on < a.active_from OR l.effective_on > a.active_to
                OR l.currency <> a.currency OR (a.budgeted AND l.key_id IS NULL)
                OR (a.needs_party AND l.party_id IS NULL) OR (a.needs_centre AND l.centre_id IS NULL)));
    SELECT RAISE(ABORT, 'ledger: reversal') WHERE
        EXISTS (SELECT 1 FROM entry_lines l JOIN entries e ON e.id = NEW.entry_id AND l.entry_id IN (e.id, e.reverses_id)
            WHERE e.reverses_id IS NOT NULL
            GROUP BY l.account_id, l.key_id, l.party_id, l.centre_id, l.currency
            HAVING SUM(l.debit) <> SUM(l.credit) OR SUM(l.base_debit) <> SUM(l.base_credit));
    SELECT RAISE(ABORT, 'ledger: budget') WHERE NOT EXISTS (SELECT 1 FROM entries e JOIN year_ends y ON y.record_id = e.record_id WHERE e.id = NEW.entry_id)
        AND EXISTS (SELECT 1 FROM (
            SELECT l.key_id AS key_id, l.base_debit - l.base_credit AS amount
            FROM entry_lines l JOIN accounts a ON a.id = l.account_id WHERE l.entry_id = NEW.entry_id AND a.budgeted
            UNION ALL SELECT m.key_id, (CASE WHEN m.source IN ('obligated', 'paid') THEN m.amount ELSE 0 END)
                - (CASE WHEN m.target IN ('obligated', 'paid') THEN m.amount ELSE 0 END)
            FROM budget_moves m WHERE m.entry_id = NEW.entry_id) s GROUP BY s.key_id HAVING SUM(s.amount) <> 0);
    SELECT RAISE(ABORT, 'ledger: reversal') WHERE EXISTS (SELECT 1 FROM entries e JOIN entries o ON o.id = e.reverses_id JOIN year_ends y ON y.record_id = o.record_id
            WHERE e.id = NEW.entry_id);
    SELECT RAISE(ABORT, 'ledger: year end') WHERE EXISTS (SELECT 1 FROM entries e JOIN year_ends y ON y.record_id = e.record_id WHERE e.id = NEW.entry_id) AND (
        NOT EXISTS (SELECT 1 FROM entries e JOIN year_ends y ON y.record_id = e.record_id JOIN fiscal_periods p ON p.id = e.period_id
            WHERE e.id = NEW.entry_id AND y.state = 'prepared' AND p.year_id = y.year_id AND p.number = 13 AND e.reverses_id IS NULL)
        OR EXISTS (SELECT 1 FROM budget_moves m WHERE m.entry_id = NEW.entry_id)
        OR EXISTS (SELECT 1 FROM entry_lines l JOIN accounts a ON a.id = l.account_id
            WHERE l.entry_id = NEW.entry_id AND (NOT a.posting OR (NOT (a.gfsm NOT LIKE '3%' AND a.gfsm NOT LIKE '6%')
                AND NOT EXISTS (SELECT 1 FROM entries e JOIN year_ends y ON y.record_id = e.record_id
                    WHERE e.id = l.entry_id AND y.surplus_account_id = l.account_id))))
        OR EXISTS (SELECT 1 FROM (
            SELECT l.account_id, COALESCE(l.key_id, 0) AS key_id, COALESCE(l.party_id, 0) AS party_id,
                COALESCE(l.centre_id, 0) AS centre_id, l.currency, SUM(l.debit - l.credit) AS net, SUM(l.base_debit - l.base_credit) AS base
            FROM entry_lines l JOIN accounts a ON a.id = l.account_id WHERE l.entry_id = NEW.entry_id AND a.gfsm NOT LIKE '3%' AND a.gfsm NOT LIKE '6%'
            GROUP BY 1, 2, 3, 4, 5) s
            WHERE s.net + (SELECT COALESCE(SUM(b.debit - b.credit), 0) FROM entries e JOIN fiscal_periods own ON own.id = e.period_id
                JOIN fiscal_periods p ON p.year_id = own.year_id JOIN period_balances b ON b.period_id = p.id
                WHERE e.id = NEW.entry_id AND b.account_id = s.account_id AND b.key_id = s.key_id AND b.party_id = s.party_id
                    AND b.centre_id = s.centre_id AND b.currency = s.currency) <> 0
            OR s.base + (SELECT COALESCE(SUM(b.base_debit - b.base_credit), 0) FROM entries e JOIN fiscal_periods own ON own.id = e.period_id
                JOIN fiscal_periods p ON p.year_id = own.year_id JOIN period_balances b ON b.period_id = p.id
                WHERE e.id = NEW.entry_id AND b.account_id = s.account_id AND b.key_id = s.key_id AND b.party_id = s.party_id
                    AND b.centre_id = s.centre_id AND b.currency = s.currency) <> 0));
    INSERT INTO period_balances
        SELECT period_id, account_id, COALESCE(key_id, 0), COALESCE(party_id, 0), COALESCE(centre_id, 0), currency,
            SUM(debit), SUM(credit), SUM(base_debit), SUM(base_credit)
        FROM entry_lines WHERE entry_id = NEW.entry_id
        GROUP BY period_id, account_id, COALESCE(key_id, 0), COALESCE(party_id, 0), COALESCE(centre_id, 0), currency
        ORDER BY 1, 2, 3, 4, 5, 6
        ON CONFLICT (period_id, account_id, key_id, party_id, centre_id, currency) DO UPDATE SET
            debit = period_balances.debit + excluded.debit, credit = period_balances.credit + excluded.credit,
            base_debit = period_balances.base_debit + excluded.base_debit,
            base_credit = period_balances.base_credit + excluded.base_credit;
END;
DROP TRIGGER budget_moves_ended;
CREATE TRIGGER budget_moves_ended BEFORE INSERT ON budget_moves BEGIN
    SELECT RAISE(ABORT, 'ledger: year') WHERE NEW.kind <> 'begin' AND NEW.source NOT IN ('obligated', 'paid')
        AND EXISTS (SELECT 1 FROM budget_lines b JOIN year_ends y ON y.year_id = b.year_id WHERE b.id = NEW.line_id AND y.state = 'ended');
END;
DROP TRIGGER accounts_used;
CREATE TRIGGER accounts_used BEFORE UPDATE ON accounts
    WHEN (OLD.side <> NEW.side OR OLD.posting <> NEW.posting OR OLD.budgeted <> NEW.budgeted) AND EXISTS (SELECT 1 FROM period_balances b WHERE b.account_id = OLD.id)
    BEGIN SELECT RAISE(ABORT, 'immutable: accounts'); END;
DROP TRIGGER finance_documents_fixed;
CREATE TRIGGER finance_documents_fixed BEFORE UPDATE ON finance_documents
    WHEN OLD.posted_at IS NOT NULL AND (OLD.posted_at <> NEW.posted_at OR OLD.kind <> NEW.kind OR OLD.agency_id <> NEW.agency_id
        OR OLD.effective_on <> NEW.effective_on OR OLD.currency <> NEW.currency OR OLD.rate <> NEW.rate OR OLD.amount <> NEW.amount
        OR OLD.base_amount <> NEW.base_amount OR OLD.round <> NEW.round OR OLD.reference <> NEW.reference
        OR COALESCE(OLD.entry_id, 0) <> COALESCE(NEW.entry_id, 0) OR COALESCE(OLD.party_id, 0) <> COALESCE(NEW.party_id, 0)
        OR COALESCE(OLD.source_id, 0) <> COALESCE(NEW.source_id, 0) OR COALESCE(OLD.counter_id, 0) <> COALESCE(NEW.counter_id, 0)
        OR NEW.posted_at IS NULL)
    BEGIN SELECT RAISE(ABORT, 'immutable: finance_documents'); END;
DROP VIEW finance_closings;
DROP VIEW finance_postings;
