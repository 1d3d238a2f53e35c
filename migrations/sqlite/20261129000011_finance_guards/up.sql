-- Documents whose posting is under way: three persons did their duties, and it is not posted yet. What they draw on changes with
-- them alone.
CREATE VIEW finance_postings AS
    SELECT d.record_id, d.agency_id, d.kind, d.source_id, d.reverses_id FROM finance_documents d
    WHERE d.posted_at IS NULL AND (SELECT COUNT(DISTINCT a.duty) FROM finance_approvals a
        WHERE a.record_id = d.record_id AND a.round = d.round) = 3;
-- Commitments of which nothing stays open: closed, or their year is being ended.
CREATE VIEW finance_closings AS
    SELECT x.id AS record_id FROM records x WHERE x.kind = 'commitment' AND x.state = 'closed'
    UNION ALL SELECT c.record_id FROM year_end_commitments c JOIN year_ends y ON y.year_id = c.year_id
    WHERE y.state = 'prepared' AND y.confirmed_by IS NOT NULL;

-- Balances change with posting alone. While it counts, a row of no period stands beside them: a statement of its own cannot put
-- it there, since no period has that number and a reference has to hold where a statement ends.
CREATE TRIGGER period_balances_added BEFORE INSERT ON period_balances
    WHEN NEW.period_id <> 0 AND NOT EXISTS (SELECT 1 FROM period_balances b WHERE b.period_id = 0)
    BEGIN SELECT RAISE(ABORT, 'immutable: period_balances'); END;
CREATE TRIGGER period_balances_fixed BEFORE UPDATE ON period_balances
    WHEN NOT EXISTS (SELECT 1 FROM period_balances b WHERE b.period_id = 0)
    BEGIN SELECT RAISE(ABORT, 'immutable: period_balances'); END;
CREATE TRIGGER period_balances_kept BEFORE DELETE ON period_balances WHEN OLD.period_id <> 0
    BEGIN SELECT RAISE(ABORT, 'immutable: period_balances'); END;
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

-- An entry is posted once, and no more under a reopening whose time is over.
CREATE TRIGGER posted_entries_once BEFORE INSERT ON posted_entries BEGIN
    SELECT RAISE(ABORT, 'immutable: posted_entries') WHERE EXISTS (SELECT 1 FROM posted_entries p WHERE p.entry_id = NEW.entry_id);
    SELECT RAISE(ABORT, 'ledger: period') WHERE EXISTS (SELECT 1 FROM entries e JOIN period_reopenings r ON r.period_id = e.period_id
            WHERE e.id = NEW.entry_id AND r.ended_at IS NULL AND r.until_at <= e.recorded_at);
    -- This database keeps fractions in whole columns.
    SELECT RAISE(ABORT, 'ledger: lines') WHERE EXISTS (SELECT 1 FROM entry_lines l
        WHERE l.entry_id = NEW.entry_id AND typeof(l.debit + l.credit + l.base_debit + l.base_credit) <> 'integer');
END;

-- Of an ended year only what is owed still moves, and never back into its budget.
DROP TRIGGER budget_moves_ended;
CREATE TRIGGER budget_moves_ended BEFORE INSERT ON budget_moves
    WHEN NEW.kind <> 'begin' AND NOT (NEW.source IN ('obligated', 'paid') AND NEW.target IN ('obligated', 'paid', 'outside'))
        AND EXISTS (SELECT 1 FROM budget_lines b JOIN year_ends y ON y.year_id = b.year_id WHERE b.id = NEW.line_id AND y.state = 'ended')
    BEGIN SELECT RAISE(ABORT, 'ledger: year'); END;
-- What is sealed stays as it was: no move and no document of the budget comes into it.
CREATE TRIGGER budget_moves_sealed BEFORE INSERT ON budget_moves
    WHEN NEW.entry_id IS NULL AND NEW.kind <> 'begin' AND EXISTS (SELECT 1 FROM budget_lines b JOIN fiscal_periods p ON p.agency_id = b.agency_id
        WHERE b.id = NEW.line_id AND p.state = 'sealed' AND NEW.effective_on BETWEEN p.starts_on AND p.ends_on
            AND (p.number = 13) = COALESCE((SELECT d.complementary FROM finance_documents d WHERE d.record_id = NEW.record_id), FALSE))
    BEGIN SELECT RAISE(ABORT, 'ledger: sealed'); END;
CREATE TRIGGER finance_documents_sealed BEFORE UPDATE OF posted_at ON finance_documents
    WHEN OLD.posted_at IS NULL AND NEW.posted_at IS NOT NULL AND NEW.entry_id IS NULL AND EXISTS (SELECT 1 FROM fiscal_periods p
        WHERE p.agency_id = NEW.agency_id AND p.state = 'sealed' AND NEW.effective_on BETWEEN p.starts_on AND p.ends_on
            AND (p.number = 13) = NEW.complementary)
    BEGIN SELECT RAISE(ABORT, 'ledger: sealed'); END;

-- An account that was posted to keeps its code, its side and what statements read of it, and stays a leaf.
DROP TRIGGER accounts_used;
CREATE TRIGGER accounts_used BEFORE UPDATE ON accounts
    WHEN (OLD.code <> NEW.code OR OLD.gfsm <> NEW.gfsm OR OLD.side <> NEW.side OR OLD.posting <> NEW.posting OR OLD.budgeted <> NEW.budgeted)
        AND EXISTS (SELECT 1 FROM period_balances b WHERE b.account_id = OLD.id)
    BEGIN SELECT RAISE(ABORT, 'immutable: accounts'); END;

-- The days of a year are those of its periods.
CREATE TRIGGER fiscal_years_fixed BEFORE UPDATE OF id, agency_id, year, starts_on, ends_on ON fiscal_years
    BEGIN SELECT RAISE(ABORT, 'immutable: fiscal_years'); END;
CREATE TRIGGER fiscal_years_kept BEFORE DELETE ON fiscal_years
    BEGIN SELECT RAISE(ABORT, 'immutable: fiscal_years'); END;

-- All of a posted document is fixed but what is open of it, and an invoice that is taken back may come again.
DROP TRIGGER finance_documents_fixed;
CREATE TRIGGER finance_documents_fixed BEFORE UPDATE ON finance_documents
    WHEN OLD.posted_at IS NOT NULL AND (
        (OLD.record_id, OLD.agency_id, OLD.year_id, OLD.kind, OLD.effective_on, OLD.complementary, OLD.currency, OLD.rate,
            OLD.amount, OLD.base_amount, OLD.party_id, OLD.counter_id, OLD.source_id, OLD.reference, OLD.reference_on, OLD.method,
            OLD.round, OLD.entry_id, OLD.posted_at, OLD.reverses_id)
        IS NOT
        (NEW.record_id, NEW.agency_id, NEW.year_id, NEW.kind, NEW.effective_on, NEW.complementary, NEW.currency, NEW.rate,
            NEW.amount, NEW.base_amount, NEW.party_id, NEW.counter_id, NEW.source_id, NEW.reference, NEW.reference_on, NEW.method,
            NEW.round, NEW.entry_id, NEW.posted_at, NEW.reverses_id)
        OR (OLD.invoice_key IS NOT NEW.invoice_key AND NOT (NEW.invoice_key IS NULL
            AND EXISTS (SELECT 1 FROM finance_postings p WHERE p.reverses_id = OLD.record_id))))
    BEGIN SELECT RAISE(ABORT, 'immutable: finance_documents'); END;
-- What was authorised is what is posted.
CREATE TRIGGER finance_documents_within BEFORE UPDATE OF posted_at ON finance_documents
    WHEN OLD.posted_at IS NULL AND NEW.posted_at IS NOT NULL
        AND EXISTS (SELECT 1 FROM finance_approvals a WHERE a.record_id = NEW.record_id AND a.round = NEW.round AND a.duty = 'authorise')
            AND NOT EXISTS (SELECT 1 FROM finance_approvals a
                JOIN authority_limits l ON l.agency_id = NEW.agency_id AND l.user_id = COALESCE(a.on_behalf_of, a.user_id)
                WHERE a.record_id = NEW.record_id AND a.round = NEW.round AND a.duty = 'authorise' AND l.kind IN ('', NEW.kind)
                    AND l.amount >= NEW.base_amount AND l.active_from <= a.on_day AND (l.active_to IS NULL OR l.active_to >= a.on_day))
    BEGIN SELECT RAISE(ABORT, 'ledger: authority'); END;
-- What others draw on becomes less and more with them, and nothing once it is closed or taken back. (COALESCE: for `IS NULL`
-- SQLite would walk the unique index of reversals, where nearly every document is.)
CREATE TRIGGER finance_documents_settled BEFORE UPDATE OF to_settle ON finance_documents
    WHEN OLD.posted_at IS NOT NULL AND OLD.to_settle <> NEW.to_settle AND NOT (
            (OLD.kind <> 'commitment' AND NEW.to_settle = OLD.base_amount - (SELECT COALESCE(SUM(d.base_amount), 0)
                FROM finance_documents d JOIN records x ON x.id = d.record_id
                WHERE d.source_id = OLD.record_id AND COALESCE(d.reverses_id, 0) = 0 AND x.state = 'posted'))
            OR (OLD.kind = 'commitment' AND NEW.to_settle < OLD.to_settle
                AND NEW.to_settle = (SELECT SUM(l.open) FROM finance_lines l WHERE l.record_id = OLD.record_id)
                AND EXISTS (SELECT 1 FROM finance_postings p WHERE p.source_id = OLD.record_id AND COALESCE(p.reverses_id, 0) = 0))
            OR (OLD.kind = 'commitment' AND NEW.to_settle > OLD.to_settle
                AND EXISTS (SELECT 1 FROM finance_postings p WHERE p.source_id = OLD.record_id AND p.reverses_id IS NOT NULL))
            OR (NEW.to_settle = 0 AND (EXISTS (SELECT 1 FROM finance_postings p WHERE p.reverses_id = OLD.record_id)
                OR EXISTS (SELECT 1 FROM finance_closings c WHERE c.record_id = OLD.record_id))))
    BEGIN SELECT RAISE(ABORT, 'ledger: settled'); END;
CREATE TRIGGER finance_lines_open BEFORE UPDATE OF open ON finance_lines
    WHEN OLD.open <> NEW.open AND EXISTS (SELECT 1 FROM finance_documents d WHERE d.record_id = OLD.record_id AND d.posted_at IS NOT NULL)
        AND NOT (
            (NEW.open < OLD.open AND EXISTS (SELECT 1 FROM finance_postings p WHERE p.source_id = OLD.record_id AND COALESCE(p.reverses_id, 0) = 0))
            OR (NEW.open > OLD.open AND EXISTS (SELECT 1 FROM finance_postings p WHERE p.source_id = OLD.record_id AND p.reverses_id IS NOT NULL))
            OR (NEW.open = 0 AND EXISTS (SELECT 1 FROM finance_closings c WHERE c.record_id = OLD.record_id)))
    BEGIN SELECT RAISE(ABORT, 'ledger: settled'); END;
CREATE TRIGGER commitment_slices_added BEFORE INSERT ON commitment_slices
    WHEN EXISTS (SELECT 1 FROM finance_documents d WHERE d.record_id = NEW.record_id AND d.posted_at IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'immutable: commitment_slices'); END;
CREATE TRIGGER commitment_slices_fixed BEFORE UPDATE ON commitment_slices
    WHEN EXISTS (SELECT 1 FROM finance_documents d WHERE d.record_id = OLD.record_id AND d.posted_at IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'immutable: commitment_slices'); END;
CREATE TRIGGER commitment_slices_kept BEFORE DELETE ON commitment_slices
    WHEN EXISTS (SELECT 1 FROM finance_documents d WHERE d.record_id = OLD.record_id AND d.posted_at IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'immutable: commitment_slices'); END;
-- Cash comes by a release that is being posted.
CREATE TRIGGER line_cash_begun BEFORE INSERT ON line_cash WHEN NEW.released <> 0 OR NEW.used <> 0
    BEGIN SELECT RAISE(ABORT, 'ledger: release'); END;
CREATE TRIGGER line_cash_released BEFORE UPDATE OF line_id, released ON line_cash
    WHEN OLD.line_id <> NEW.line_id OR (OLD.released <> NEW.released AND NOT EXISTS (SELECT 1 FROM budget_lines b
            JOIN finance_postings p ON p.agency_id = b.agency_id AND p.kind = 'release' WHERE b.id = NEW.line_id))
    BEGIN SELECT RAISE(ABORT, 'ledger: release'); END;
CREATE TRIGGER line_cash_kept BEFORE DELETE ON line_cash
    BEGIN SELECT RAISE(ABORT, 'immutable: line_cash'); END;
-- Numbers follow one another without a gap.
CREATE TRIGGER numbers_follow BEFORE INSERT ON numbers
    WHEN NEW.seq > 1 AND NOT EXISTS (SELECT 1 FROM numbers n
            WHERE n.register_id = NEW.register_id AND n.year = NEW.year AND n.seq = NEW.seq - 1)
    BEGIN SELECT RAISE(ABORT, 'immutable: numbers'); END;

-- Each duty of a round is another person's, and so is whom they act for; who pays did none of them.
CREATE TRIGGER finance_approvals_apart BEFORE INSERT ON finance_approvals
    WHEN EXISTS (SELECT 1 FROM finance_approvals a
            WHERE a.record_id = NEW.record_id AND a.round = NEW.round AND (a.user_id IN (NEW.user_id, NEW.on_behalf_of)
                OR a.on_behalf_of IN (NEW.user_id, NEW.on_behalf_of)))
    BEGIN SELECT RAISE(ABORT, 'ledger: person'); END;
CREATE TRIGGER payment_items_payer BEFORE INSERT ON payment_items
    WHEN EXISTS (SELECT 1 FROM finance_documents d JOIN finance_approvals a ON a.record_id = d.record_id AND a.round = d.round
            WHERE d.record_id = NEW.document_id AND NEW.added_by IN (a.user_id, a.on_behalf_of))
    BEGIN SELECT RAISE(ABORT, 'ledger: person'); END;
CREATE TRIGGER payment_runs_payer BEFORE UPDATE OF sent_by ON payment_runs
    WHEN OLD.sent_by IS NULL AND NEW.sent_by IS NOT NULL AND EXISTS (SELECT 1 FROM payment_items i
            JOIN finance_documents d ON d.record_id = i.document_id
            JOIN finance_approvals a ON a.record_id = d.record_id AND a.round = d.round
            WHERE i.run_id = NEW.record_id AND NEW.sent_by IN (a.user_id, a.on_behalf_of))
    BEGIN SELECT RAISE(ABORT, 'ledger: person'); END;
CREATE TRIGGER cheques_payer BEFORE INSERT ON cheques
    WHEN EXISTS (SELECT 1 FROM finance_documents d JOIN finance_approvals a ON a.record_id = d.record_id AND a.round = d.round
            WHERE d.record_id = NEW.document_id AND NEW.issued_by IN (a.user_id, a.on_behalf_of))
    BEGIN SELECT RAISE(ABORT, 'ledger: person'); END;
