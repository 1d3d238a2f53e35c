CREATE OR REPLACE FUNCTION diwan_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Closing takes this lock for itself: it waits for this posting, or this posting for it. Row locks would let a stream of
    -- postings keep a close waiting for ever; these stand in line.
    PERFORM pg_advisory_xact_lock_shared(4001, e.period_id::INTEGER) FROM entries e WHERE e.id = NEW.entry_id;
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
    IF EXISTS (SELECT 1 FROM entry_lines l JOIN accounts a ON a.id = l.account_id
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
    IF EXISTS (SELECT 1 FROM (
            SELECT l.key_id AS key_id, l.base_debit - l.base_credit AS amount
            FROM entry_lines l JOIN accounts a ON a.id = l.account_id WHERE l.entry_id = NEW.entry_id AND a.budgeted
            UNION ALL SELECT m.key_id, (CASE WHEN m.source IN ('obligated', 'paid') THEN m.amount ELSE 0 END)
                - (CASE WHEN m.target IN ('obligated', 'paid') THEN m.amount ELSE 0 END)
            FROM budget_moves m WHERE m.entry_id = NEW.entry_id) s GROUP BY s.key_id HAVING SUM(s.amount) <> 0) THEN
        RAISE EXCEPTION 'ledger: budget' USING ERRCODE = 'integrity_constraint_violation';
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
CREATE OR REPLACE FUNCTION diwan_finance_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'immutable: finance_documents' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.posted_at IS NOT NULL THEN
            RAISE EXCEPTION 'finance: approvals' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.posted_at IS NOT NULL AND (OLD.posted_at <> NEW.posted_at OR OLD.kind <> NEW.kind OR OLD.agency_id <> NEW.agency_id
        OR OLD.effective_on <> NEW.effective_on OR OLD.currency <> NEW.currency OR OLD.rate <> NEW.rate OR OLD.amount <> NEW.amount
        OR OLD.base_amount <> NEW.base_amount OR OLD.round <> NEW.round OR OLD.reference <> NEW.reference
        OR COALESCE(OLD.entry_id, 0) <> COALESCE(NEW.entry_id, 0) OR COALESCE(OLD.party_id, 0) <> COALESCE(NEW.party_id, 0)
        OR COALESCE(OLD.source_id, 0) <> COALESCE(NEW.source_id, 0) OR COALESCE(OLD.counter_id, 0) <> COALESCE(NEW.counter_id, 0)
        OR NEW.posted_at IS NULL) THEN
        RAISE EXCEPTION 'immutable: finance_documents' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.posted_at IS NULL AND NEW.posted_at IS NOT NULL AND (SELECT COUNT(DISTINCT a.duty) FROM finance_approvals a
        WHERE a.record_id = NEW.record_id AND a.round = NEW.round) < 3 THEN
        RAISE EXCEPTION 'finance: approvals' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER fiscal_periods_sealed ON fiscal_periods;
DROP TRIGGER fiscal_periods_ended ON fiscal_periods;
DROP TRIGGER budget_moves_ended ON budget_moves;
DROP TRIGGER finance_approvals_closed ON finance_approvals;
DROP INDEX finance_documents_unposted;
DROP TABLE opening_balances;
DROP TABLE year_end_commitments;
DROP TABLE year_ends;
DROP TABLE period_seals;
DROP TABLE period_acceptances;
DROP TABLE period_sign_offs;
DROP TABLE closing_rules;
DROP FUNCTION diwan_period_sign_offs_hold();
DROP FUNCTION diwan_period_seals_hold();
DROP FUNCTION diwan_fiscal_periods_sealed();
DROP FUNCTION diwan_fiscal_periods_ended();
DROP FUNCTION diwan_budget_moves_ended();
DROP FUNCTION diwan_year_ends_begun();
DROP FUNCTION diwan_year_ends_hold();
DROP FUNCTION diwan_year_end_commitments_added();
DROP FUNCTION diwan_year_end_commitments_fixed();
DROP FUNCTION diwan_year_end_commitments_kept();
DROP FUNCTION diwan_opening_balances_added();
DROP FUNCTION diwan_finance_approvals_closed();
