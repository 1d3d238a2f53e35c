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

-- Balances change with posting alone: within its trigger, never by a statement of its own.
CREATE TRIGGER period_balances_kept BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON period_balances FOR EACH STATEMENT
    WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION diwan_refuse();

-- An entry is posted once, and no more under a reopening whose time is over.
CREATE FUNCTION diwan_post_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM posted_entries p WHERE p.entry_id = NEW.entry_id) THEN
        RAISE EXCEPTION 'immutable: posted_entries' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM entries e JOIN period_reopenings r ON r.period_id = e.period_id
            WHERE e.id = NEW.entry_id AND r.ended_at IS NULL AND r.until_at <= e.recorded_at) THEN
        RAISE EXCEPTION 'ledger: period' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER posted_entries_once BEFORE INSERT ON posted_entries FOR EACH ROW EXECUTE FUNCTION diwan_post_once();

-- Of an ended year only what is owed still moves, and never back into its budget.
CREATE OR REPLACE FUNCTION diwan_budget_moves_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind <> 'begin' AND NOT (NEW.source IN ('obligated', 'paid') AND NEW.target IN ('obligated', 'paid', 'outside'))
        AND EXISTS (SELECT 1 FROM budget_lines b JOIN year_ends y ON y.year_id = b.year_id WHERE b.id = NEW.line_id AND y.state = 'ended') THEN
        RAISE EXCEPTION 'ledger: year' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
-- What is sealed stays as it was: no move and no document of the budget comes into it. The lock is that of closing.
CREATE FUNCTION diwan_sealed(of_agency BIGINT, day DATE, complementary BOOLEAN) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
DECLARE
    of_day BIGINT := (SELECT p.id FROM fiscal_periods p
        WHERE p.agency_id = of_agency AND day BETWEEN p.starts_on AND p.ends_on AND (p.number = 13) = complementary);
BEGIN
    PERFORM pg_advisory_xact_lock_shared(4001, of_day::INTEGER);
    RETURN EXISTS (SELECT 1 FROM fiscal_periods p WHERE p.id = of_day AND p.state = 'sealed');
END $$;
CREATE FUNCTION diwan_budget_move_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF diwan_sealed((SELECT b.agency_id FROM budget_lines b WHERE b.id = NEW.line_id), NEW.effective_on,
        COALESCE((SELECT d.complementary FROM finance_documents d WHERE d.record_id = NEW.record_id), FALSE)) THEN
        RAISE EXCEPTION 'ledger: sealed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budget_moves_sealed BEFORE INSERT ON budget_moves FOR EACH ROW
    WHEN (NEW.entry_id IS NULL AND NEW.kind <> 'begin') EXECUTE FUNCTION diwan_budget_move_sealed();
CREATE FUNCTION diwan_finance_document_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF diwan_sealed(NEW.agency_id, NEW.effective_on, NEW.complementary) THEN
        RAISE EXCEPTION 'ledger: sealed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER finance_documents_sealed BEFORE UPDATE OF posted_at ON finance_documents FOR EACH ROW
    WHEN (OLD.posted_at IS NULL AND NEW.posted_at IS NOT NULL AND NEW.entry_id IS NULL) EXECUTE FUNCTION diwan_finance_document_sealed();

-- An account that was posted to keeps its code, its side and what statements read of it, and stays a leaf.
CREATE OR REPLACE FUNCTION diwan_account_used() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.code <> NEW.code OR OLD.gfsm <> NEW.gfsm OR OLD.side <> NEW.side OR OLD.posting <> NEW.posting OR OLD.budgeted <> NEW.budgeted)
        AND EXISTS (SELECT 1 FROM period_balances b WHERE b.account_id = OLD.id) THEN
        RAISE EXCEPTION 'immutable: accounts' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

-- The days of a year are those of its periods.
CREATE TRIGGER fiscal_years_fixed BEFORE UPDATE OF id, agency_id, year, starts_on, ends_on ON fiscal_years FOR EACH ROW EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER fiscal_years_kept BEFORE DELETE ON fiscal_years FOR EACH ROW EXECUTE FUNCTION diwan_refuse();

-- All of a posted document is fixed but what is open of it, and an invoice that is taken back may come again.
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
    IF OLD.posted_at IS NOT NULL AND (
        (OLD.record_id, OLD.agency_id, OLD.year_id, OLD.kind, OLD.effective_on, OLD.complementary, OLD.currency, OLD.rate,
            OLD.amount, OLD.base_amount, OLD.party_id, OLD.counter_id, OLD.source_id, OLD.reference, OLD.reference_on, OLD.method,
            OLD.round, OLD.entry_id, OLD.posted_at, OLD.reverses_id)
        IS DISTINCT FROM
        (NEW.record_id, NEW.agency_id, NEW.year_id, NEW.kind, NEW.effective_on, NEW.complementary, NEW.currency, NEW.rate,
            NEW.amount, NEW.base_amount, NEW.party_id, NEW.counter_id, NEW.source_id, NEW.reference, NEW.reference_on, NEW.method,
            NEW.round, NEW.entry_id, NEW.posted_at, NEW.reverses_id)
        OR (OLD.invoice_key IS DISTINCT FROM NEW.invoice_key AND NOT (NEW.invoice_key IS NULL
            AND EXISTS (SELECT 1 FROM finance_postings p WHERE p.reverses_id = OLD.record_id)))) THEN
        RAISE EXCEPTION 'immutable: finance_documents' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.posted_at IS NULL AND NEW.posted_at IS NOT NULL AND (SELECT COUNT(DISTINCT a.duty) FROM finance_approvals a
        WHERE a.record_id = NEW.record_id AND a.round = NEW.round) < 3
        AND NOT EXISTS (SELECT 1 FROM year_ends y WHERE y.record_id = NEW.record_id AND y.state = 'prepared')
        AND NOT EXISTS (SELECT 1 FROM year_end_commitments c JOIN year_ends y ON y.year_id = c.year_id
            WHERE c.carried_id = NEW.record_id AND y.state = 'prepared' AND y.confirmed_by IS NOT NULL) THEN
        RAISE EXCEPTION 'finance: approvals' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
-- What was authorised is what is posted.
CREATE FUNCTION diwan_finance_document_within() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM finance_approvals a WHERE a.record_id = NEW.record_id AND a.round = NEW.round AND a.duty = 'authorise')
            AND NOT EXISTS (SELECT 1 FROM finance_approvals a
                JOIN authority_limits l ON l.agency_id = NEW.agency_id AND l.user_id = COALESCE(a.on_behalf_of, a.user_id)
                WHERE a.record_id = NEW.record_id AND a.round = NEW.round AND a.duty = 'authorise' AND l.kind IN ('', NEW.kind)
                    AND l.amount >= NEW.base_amount AND l.active_from <= a.on_day AND (l.active_to IS NULL OR l.active_to >= a.on_day)) THEN
        RAISE EXCEPTION 'ledger: authority' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER finance_documents_within BEFORE UPDATE OF posted_at ON finance_documents FOR EACH ROW
    WHEN (OLD.posted_at IS NULL AND NEW.posted_at IS NOT NULL) EXECUTE FUNCTION diwan_finance_document_within();
-- What others draw on becomes less and more with them, and nothing once it is closed or taken back.
CREATE FUNCTION diwan_finance_document_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (
            (OLD.kind <> 'commitment' AND NEW.to_settle = OLD.base_amount - (SELECT COALESCE(SUM(d.base_amount), 0)
                FROM finance_documents d JOIN records x ON x.id = d.record_id
                WHERE d.source_id = OLD.record_id AND d.reverses_id IS NULL AND x.state = 'posted'))
            OR (OLD.kind = 'commitment' AND NEW.to_settle < OLD.to_settle
                AND NEW.to_settle = (SELECT SUM(l.open) FROM finance_lines l WHERE l.record_id = OLD.record_id)
                AND EXISTS (SELECT 1 FROM finance_postings p WHERE p.source_id = OLD.record_id AND p.reverses_id IS NULL))
            OR (OLD.kind = 'commitment' AND NEW.to_settle > OLD.to_settle
                AND EXISTS (SELECT 1 FROM finance_postings p WHERE p.source_id = OLD.record_id AND p.reverses_id IS NOT NULL))
            OR (NEW.to_settle = 0 AND (EXISTS (SELECT 1 FROM finance_postings p WHERE p.reverses_id = OLD.record_id)
                OR EXISTS (SELECT 1 FROM finance_closings c WHERE c.record_id = OLD.record_id)))) THEN
        RAISE EXCEPTION 'ledger: settled' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER finance_documents_settled BEFORE UPDATE OF to_settle ON finance_documents FOR EACH ROW
    WHEN (OLD.posted_at IS NOT NULL AND OLD.to_settle <> NEW.to_settle) EXECUTE FUNCTION diwan_finance_document_settled();
CREATE FUNCTION diwan_finance_line_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM finance_documents d WHERE d.record_id = OLD.record_id AND d.posted_at IS NOT NULL) AND NOT (
            (NEW.open < OLD.open AND EXISTS (SELECT 1 FROM finance_postings p WHERE p.source_id = OLD.record_id AND p.reverses_id IS NULL))
            OR (NEW.open > OLD.open AND EXISTS (SELECT 1 FROM finance_postings p WHERE p.source_id = OLD.record_id AND p.reverses_id IS NOT NULL))
            OR (NEW.open = 0 AND EXISTS (SELECT 1 FROM finance_closings c WHERE c.record_id = OLD.record_id))) THEN
        RAISE EXCEPTION 'ledger: settled' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER finance_lines_open BEFORE UPDATE OF open ON finance_lines FOR EACH ROW
    WHEN (OLD.open <> NEW.open) EXECUTE FUNCTION diwan_finance_line_open();
CREATE FUNCTION diwan_commitment_slice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_record BIGINT := CASE WHEN TG_OP = 'INSERT' THEN NEW.record_id ELSE OLD.record_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM finance_documents d WHERE d.record_id = of_record AND d.posted_at IS NOT NULL) THEN
        RAISE EXCEPTION 'immutable: commitment_slices' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER commitment_slices_fixed BEFORE INSERT OR UPDATE OR DELETE ON commitment_slices FOR EACH ROW EXECUTE FUNCTION diwan_commitment_slice();
-- Cash comes by a release that is being posted.
CREATE FUNCTION diwan_line_cash_begun() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.released <> 0 OR NEW.used <> 0 THEN
        RAISE EXCEPTION 'ledger: release' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER line_cash_begun BEFORE INSERT ON line_cash FOR EACH ROW EXECUTE FUNCTION diwan_line_cash_begun();
CREATE FUNCTION diwan_line_cash_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.line_id <> NEW.line_id OR (OLD.released <> NEW.released AND NOT EXISTS (SELECT 1 FROM budget_lines b
            JOIN finance_postings p ON p.agency_id = b.agency_id AND p.kind = 'release' WHERE b.id = NEW.line_id)) THEN
        RAISE EXCEPTION 'ledger: release' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER line_cash_released BEFORE UPDATE OF line_id, released ON line_cash FOR EACH ROW EXECUTE FUNCTION diwan_line_cash_released();
CREATE TRIGGER line_cash_kept BEFORE DELETE ON line_cash FOR EACH ROW EXECUTE FUNCTION diwan_refuse();
-- Numbers follow one another without a gap.
CREATE FUNCTION diwan_number_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq > 1 AND NOT EXISTS (SELECT 1 FROM numbers n
            WHERE n.register_id = NEW.register_id AND n.year = NEW.year AND n.seq = NEW.seq - 1) THEN
        RAISE EXCEPTION 'immutable: numbers' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER numbers_follow BEFORE INSERT ON numbers FOR EACH ROW EXECUTE FUNCTION diwan_number_follows();

-- Each duty of a round is another person's, and so is whom they act for; who pays did none of them.
CREATE FUNCTION diwan_finance_approval_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM finance_approvals a
            WHERE a.record_id = NEW.record_id AND a.round = NEW.round AND (a.user_id IN (NEW.user_id, NEW.on_behalf_of)
                OR a.on_behalf_of IN (NEW.user_id, NEW.on_behalf_of))) THEN
        RAISE EXCEPTION 'ledger: person' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER finance_approvals_apart BEFORE INSERT ON finance_approvals FOR EACH ROW EXECUTE FUNCTION diwan_finance_approval_apart();
CREATE FUNCTION diwan_payment_item_payer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM finance_documents d JOIN finance_approvals a ON a.record_id = d.record_id AND a.round = d.round
            WHERE d.record_id = NEW.document_id AND NEW.added_by IN (a.user_id, a.on_behalf_of)) THEN
        RAISE EXCEPTION 'ledger: person' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_items_payer BEFORE INSERT ON payment_items FOR EACH ROW EXECUTE FUNCTION diwan_payment_item_payer();
CREATE FUNCTION diwan_payment_run_payer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payment_items i
            JOIN finance_documents d ON d.record_id = i.document_id
            JOIN finance_approvals a ON a.record_id = d.record_id AND a.round = d.round
            WHERE i.run_id = NEW.record_id AND NEW.sent_by IN (a.user_id, a.on_behalf_of)) THEN
        RAISE EXCEPTION 'ledger: person' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_runs_payer BEFORE UPDATE OF sent_by ON payment_runs FOR EACH ROW
    WHEN (OLD.sent_by IS NULL AND NEW.sent_by IS NOT NULL) EXECUTE FUNCTION diwan_payment_run_payer();
CREATE FUNCTION diwan_cheque_payer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM finance_documents d JOIN finance_approvals a ON a.record_id = d.record_id AND a.round = d.round
            WHERE d.record_id = NEW.document_id AND NEW.issued_by IN (a.user_id, a.on_behalf_of)) THEN
        RAISE EXCEPTION 'ledger: person' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cheques_payer BEFORE INSERT ON cheques FOR EACH ROW EXECUTE FUNCTION diwan_cheque_payer();
