-- What is owed of an ended year is given up by a journal voucher that names the voucher: once, as a whole, of what nothing pays. Its
-- debits stand on the account that the voucher is owed on, its credits on revenue: cash is paid by payments alone.
CREATE UNIQUE INDEX finance_documents_given_up ON finance_documents (source_id) WHERE kind = 'journal_voucher' AND source_id IS NOT NULL AND posted_at IS NOT NULL;
CREATE FUNCTION diwan_finance_document_given_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM finance_documents s JOIN records x ON x.id = s.record_id
                JOIN year_ends y ON y.year_id = s.year_id AND y.state = 'ended'
            WHERE s.record_id = NEW.source_id AND s.agency_id = NEW.agency_id AND s.kind = 'payment_voucher' AND x.state = 'posted'
                AND s.to_pay = 0 AND s.currency = NEW.currency AND NEW.reverses_id IS NULL
                AND NEW.base_amount = (SELECT SUM(CASE l.side WHEN 'debit' THEN l.base_amount ELSE -l.base_amount END)
                    FROM finance_lines l WHERE l.record_id = s.record_id)
                AND NOT EXISTS (SELECT 1 FROM finance_lines l WHERE l.record_id = NEW.record_id
                    AND (l.key_id IS NOT NULL OR (l.side = 'debit') <> (l.account_id = s.counter_id) OR (l.side = 'credit'
                        AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = l.account_id AND a.gfsm LIKE '1%')))))
        OR EXISTS (SELECT 1 FROM payment_items i WHERE i.document_id = NEW.source_id AND i.state IN ('pending', 'executed'))
        OR EXISTS (SELECT 1 FROM cheques c
                WHERE c.document_id = NEW.source_id AND c.state IN ('issued', 'handed_over', 'cleared'))
        OR EXISTS (SELECT 1 FROM cash_payments h WHERE h.document_id = NEW.source_id AND h.state = 'paid') THEN
        RAISE EXCEPTION 'ledger: given up' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER finance_documents_gives_up BEFORE UPDATE OF posted_at ON finance_documents FOR EACH ROW
    WHEN (OLD.posted_at IS NULL AND NEW.posted_at IS NOT NULL AND NEW.kind = 'journal_voucher' AND NEW.source_id IS NOT NULL)
    EXECUTE FUNCTION diwan_finance_document_given_up();

-- What is to be paid of a posted document is its net less what holds it; of one that is reversed or given up, nothing.
CREATE OR REPLACE FUNCTION diwan_payment_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    net BIGINT := (SELECT COALESCE(SUM(CASE l.side WHEN 'debit' THEN l.base_amount ELSE -l.base_amount END), 0)
        FROM finance_lines l WHERE l.record_id = NEW.record_id);
    held BIGINT := (SELECT COALESCE(SUM(h.base_amount), 0) FROM (
        SELECT i.base_amount FROM payment_items i WHERE i.document_id = NEW.record_id AND i.state IN ('pending', 'executed')
        UNION ALL SELECT c.base_amount FROM cheques c
        WHERE c.document_id = NEW.record_id AND c.state IN ('issued', 'handed_over', 'cleared')
        UNION ALL SELECT m.base_amount FROM cash_payments m WHERE m.document_id = NEW.record_id AND m.state = 'paid') h);
    -- A posted giving up ends the claim; while it is posted, it takes all of it.
    given BOOLEAN := EXISTS (SELECT 1 FROM finance_documents g
        WHERE g.source_id = NEW.record_id AND g.kind = 'journal_voucher' AND g.posted_at IS NOT NULL);
BEGIN
    IF NOT ((NEW.to_pay = net - held AND NOT given AND EXISTS (SELECT 1 FROM records x WHERE x.id = NEW.record_id AND x.state = 'posted'))
        OR (NEW.to_pay = 0 AND held = 0 AND (EXISTS (SELECT 1 FROM finance_documents r WHERE r.reverses_id = NEW.record_id)
            OR EXISTS (SELECT 1 FROM finance_postings p
                WHERE p.source_id = NEW.record_id AND p.kind = 'journal_voucher' AND p.reverses_id IS NULL)))) THEN
        RAISE EXCEPTION 'ledger: payment' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

-- The obligated money of what is given up leaves its year with the entry, by its keys and all of it; nothing else leaves a budget with
-- an entry. What was spent stays spent: the entry of that year says so.
CREATE OR REPLACE FUNCTION diwan_post_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM entries e JOIN fiscal_periods p ON p.id = e.period_id
            JOIN budget_moves m ON m.entry_id = e.id JOIN budget_lines b ON b.id = m.line_id
            WHERE e.id = NEW.entry_id AND (m.effective_on <> e.effective_on OR m.record_id IS DISTINCT FROM e.record_id
                OR (b.year_id <> p.year_id AND NOT (m.source IN ('obligated', 'paid') AND m.target IN ('obligated', 'paid', 'outside'))))) THEN
        RAISE EXCEPTION 'ledger: moves' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM entries e JOIN budget_moves m ON m.entry_id = e.id
            LEFT JOIN finance_documents g ON g.record_id = e.record_id AND g.kind = 'journal_voucher'
            WHERE e.id = NEW.entry_id AND m.target = 'outside' AND (g.source_id IS NULL OR m.source <> 'obligated'))
        OR EXISTS (SELECT 1 FROM (
            SELECT m.key_id AS key_id, (CASE m.target WHEN 'obligated' THEN m.amount ELSE 0 END)
                - (CASE m.source WHEN 'obligated' THEN m.amount ELSE 0 END) AS amount
            FROM entries e JOIN finance_documents g ON g.record_id = e.record_id JOIN finance_documents s ON s.record_id = g.source_id
                JOIN budget_moves m ON m.entry_id IN (e.id, s.entry_id)
            WHERE e.id = NEW.entry_id AND g.kind = 'journal_voucher') x GROUP BY x.key_id HAVING SUM(x.amount) <> 0) THEN
        RAISE EXCEPTION 'ledger: given up' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION diwan_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closing BOOLEAN;
BEGIN
    -- Closing takes this lock for itself: it waits for this posting, or this posting for it. Row locks would let a stream of
    -- postings keep a close waiting for ever; these stand in line.
    PERFORM pg_advisory_xact_lock_shared(4001, e.period_id::INTEGER) FROM entries e WHERE e.id = NEW.entry_id;
    closing := EXISTS (SELECT 1 FROM entries e JOIN year_ends y ON y.record_id = e.record_id WHERE e.id = NEW.entry_id);
    IF (SELECT COUNT(*) FROM entry_lines WHERE entry_id = NEW.entry_id) <> NEW.lines
        OR (SELECT SUM(base_debit) FROM entry_lines WHERE entry_id = NEW.entry_id) <> NEW.total
        OR (SELECT SUM(base_credit) FROM entry_lines WHERE entry_id = NEW.entry_id) <> NEW.total
        OR EXISTS (SELECT 1 FROM entry_lines WHERE entry_id = NEW.entry_id GROUP BY currency HAVING SUM(debit) <> SUM(credit)) THEN
        RAISE EXCEPTION 'ledger: unbalanced' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM entries e JOIN fiscal_periods p ON p.id = e.period_id
            WHERE e.id = NEW.entry_id AND e.effective_on BETWEEN p.starts_on AND p.ends_on
            AND (p.state = 'open' OR (p.state = 'soft_closed' AND e.kind = 'journal_voucher'))
            AND NOT EXISTS (SELECT 1 FROM period_kinds k WHERE k.period_id = p.id AND k.kind = e.kind)) THEN
        RAISE EXCEPTION 'ledger: period' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM entry_lines l JOIN entries e ON e.id = l.entry_id
            WHERE e.id = NEW.entry_id AND (l.period_id <> e.period_id OR l.effective_on <> e.effective_on)) THEN
        RAISE EXCEPTION 'ledger: lines' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT closing AND EXISTS (SELECT 1 FROM entry_lines l JOIN accounts a ON a.id = l.account_id
            WHERE l.entry_id = NEW.entry_id AND (NOT a.posting OR l.effective_on < a.active_from OR l.effective_on > a.active_to
                OR l.currency <> a.currency OR (a.budgeted AND l.key_id IS NULL)
                OR (a.needs_party AND l.party_id IS NULL) OR (a.needs_centre AND l.centre_id IS NULL))) THEN
        RAISE EXCEPTION 'ledger: account' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM entry_lines l JOIN entries e ON e.id = NEW.entry_id AND l.entry_id IN (e.id, e.reverses_id)
            WHERE e.reverses_id IS NOT NULL
            GROUP BY l.account_id, l.key_id, l.party_id, l.centre_id, l.currency
            HAVING SUM(l.debit) <> SUM(l.credit) OR SUM(l.base_debit) <> SUM(l.base_credit)) THEN
        RAISE EXCEPTION 'ledger: reversal' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT closing AND EXISTS (SELECT 1 FROM (
            SELECT l.key_id AS key_id, l.base_debit - l.base_credit AS amount
            FROM entry_lines l JOIN accounts a ON a.id = l.account_id WHERE l.entry_id = NEW.entry_id AND a.budgeted
            UNION ALL SELECT m.key_id, (CASE WHEN m.source IN ('obligated', 'paid') THEN m.amount ELSE 0 END)
                - (CASE WHEN m.target IN ('obligated', 'paid') THEN m.amount ELSE 0 END)
            FROM budget_moves m WHERE m.entry_id = NEW.entry_id AND m.target <> 'outside') s GROUP BY s.key_id HAVING SUM(s.amount) <> 0) THEN
        RAISE EXCEPTION 'ledger: budget' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM entries e JOIN entries o ON o.id = e.reverses_id JOIN year_ends y ON y.record_id = o.record_id
            WHERE e.id = NEW.entry_id) THEN
        RAISE EXCEPTION 'ledger: reversal' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF closing AND (
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
                    AND b.centre_id = s.centre_id AND b.currency = s.currency) <> 0)) THEN
        RAISE EXCEPTION 'ledger: year end' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
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
    RETURN NEW;
END $$;
