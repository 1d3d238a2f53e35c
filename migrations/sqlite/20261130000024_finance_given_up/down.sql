DROP TRIGGER finance_documents_gives_up;
DROP INDEX finance_documents_given_up;
DROP TRIGGER finance_documents_open;
CREATE TRIGGER finance_documents_open BEFORE UPDATE OF to_pay ON finance_documents
    WHEN OLD.posted_at IS NOT NULL AND OLD.to_pay <> NEW.to_pay AND NOT (
        (NEW.to_pay = (SELECT COALESCE(SUM(CASE l.side WHEN 'debit' THEN l.base_amount ELSE -l.base_amount END), 0)
                FROM finance_lines l WHERE l.record_id = NEW.record_id)
            - (SELECT COALESCE(SUM(i.base_amount), 0) FROM payment_items i
                WHERE i.document_id = NEW.record_id AND i.state IN ('pending', 'executed'))
            - (SELECT COALESCE(SUM(c.base_amount), 0) FROM cheques c
                WHERE c.document_id = NEW.record_id AND c.state IN ('issued', 'handed_over', 'cleared'))
            - (SELECT COALESCE(SUM(h.base_amount), 0) FROM cash_payments h WHERE h.document_id = NEW.record_id AND h.state = 'paid')
            AND EXISTS (SELECT 1 FROM records x WHERE x.id = NEW.record_id AND x.state = 'posted'))
        OR (NEW.to_pay = 0 AND NOT EXISTS (SELECT 1 FROM payment_items i
                WHERE i.document_id = NEW.record_id AND i.state IN ('pending', 'executed'))
            AND NOT EXISTS (SELECT 1 FROM cheques c
                WHERE c.document_id = NEW.record_id AND c.state IN ('issued', 'handed_over', 'cleared'))
            AND NOT EXISTS (SELECT 1 FROM cash_payments h WHERE h.document_id = NEW.record_id AND h.state = 'paid')
            AND EXISTS (SELECT 1 FROM finance_documents r WHERE r.reverses_id = NEW.record_id)))
    BEGIN SELECT RAISE(ABORT, 'ledger: payment'); END;
DROP TRIGGER posted_entries_hold;
DROP TRIGGER posted_entries_once;
DROP TRIGGER posted_entries_moves;
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
    INSERT INTO period_balances VALUES (0, 0, 0, 0, 0, '', 0, 0, 0, 0);
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
    DELETE FROM period_balances WHERE period_id = 0;
END;
CREATE TRIGGER posted_entries_once BEFORE INSERT ON posted_entries BEGIN
    SELECT RAISE(ABORT, 'immutable: posted_entries') WHERE EXISTS (SELECT 1 FROM posted_entries p WHERE p.entry_id = NEW.entry_id);
    SELECT RAISE(ABORT, 'ledger: period') WHERE EXISTS (SELECT 1 FROM entries e JOIN period_reopenings r ON r.period_id = e.period_id
            WHERE e.id = NEW.entry_id AND r.ended_at IS NULL AND r.until_at <= e.recorded_at);
    -- This database keeps fractions in whole columns.
    SELECT RAISE(ABORT, 'ledger: lines') WHERE EXISTS (SELECT 1 FROM entry_lines l
        WHERE l.entry_id = NEW.entry_id AND typeof(l.debit + l.credit + l.base_debit + l.base_credit) <> 'integer');
END;
CREATE TRIGGER posted_entries_moves BEFORE INSERT ON posted_entries
    WHEN EXISTS (SELECT 1 FROM entries e JOIN fiscal_periods p ON p.id = e.period_id
        JOIN budget_moves m ON m.entry_id = e.id JOIN budget_lines b ON b.id = m.line_id
        WHERE e.id = NEW.entry_id AND (m.effective_on <> e.effective_on OR m.record_id IS NOT e.record_id
            OR (b.year_id <> p.year_id AND NOT (m.source IN ('obligated', 'paid') AND m.target IN ('obligated', 'paid')))))
    BEGIN SELECT RAISE(ABORT, 'ledger: moves'); END;
