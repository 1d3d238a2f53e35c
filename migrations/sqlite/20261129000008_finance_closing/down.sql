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
    SELECT RAISE(ABORT, 'ledger: account') WHERE
        EXISTS (SELECT 1 FROM entry_lines l JOIN accounts a ON a.id = l.account_id
            WHERE l.entry_id = NEW.entry_id AND (NOT a.posting OR l.effective_on < a.active_from OR l.effective_on > a.active_to
                OR l.currency <> a.currency OR (a.budgeted AND l.key_id IS NULL)
                OR (a.needs_party AND l.party_id IS NULL) OR (a.needs_centre AND l.centre_id IS NULL)));
    SELECT RAISE(ABORT, 'ledger: reversal') WHERE
        EXISTS (SELECT 1 FROM entry_lines l JOIN entries e ON e.id = NEW.entry_id AND l.entry_id IN (e.id, e.reverses_id)
            WHERE e.reverses_id IS NOT NULL
            GROUP BY l.account_id, l.key_id, l.party_id, l.centre_id, l.currency
            HAVING SUM(l.debit) <> SUM(l.credit) OR SUM(l.base_debit) <> SUM(l.base_credit));
    SELECT RAISE(ABORT, 'ledger: budget') WHERE
        EXISTS (SELECT 1 FROM (
            SELECT l.key_id AS key_id, l.base_debit - l.base_credit AS amount
            FROM entry_lines l JOIN accounts a ON a.id = l.account_id WHERE l.entry_id = NEW.entry_id AND a.budgeted
            UNION ALL SELECT m.key_id, (CASE WHEN m.source IN ('obligated', 'paid') THEN m.amount ELSE 0 END)
                - (CASE WHEN m.target IN ('obligated', 'paid') THEN m.amount ELSE 0 END)
            FROM budget_moves m WHERE m.entry_id = NEW.entry_id) s GROUP BY s.key_id HAVING SUM(s.amount) <> 0);
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
DROP TRIGGER finance_documents_approved;
CREATE TRIGGER finance_documents_approved BEFORE UPDATE ON finance_documents
    WHEN OLD.posted_at IS NULL AND NEW.posted_at IS NOT NULL AND (SELECT COUNT(DISTINCT a.duty) FROM finance_approvals a
        WHERE a.record_id = NEW.record_id AND a.round = NEW.round) < 3
    BEGIN SELECT RAISE(ABORT, 'finance: approvals'); END;
DROP TRIGGER fiscal_periods_sealed;
DROP TRIGGER fiscal_periods_ended;
DROP TRIGGER budget_moves_ended;
DROP TRIGGER finance_approvals_closed;
DROP INDEX finance_documents_unposted;
DROP TABLE opening_balances;
DROP TABLE year_end_commitments;
DROP TABLE year_ends;
DROP TABLE period_seals;
DROP TABLE period_acceptances;
DROP TABLE period_sign_offs;
DROP TABLE closing_rules;
