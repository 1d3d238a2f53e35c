DROP TRIGGER period_balances_kept ON period_balances;
DROP TRIGGER posted_entries_once ON posted_entries;
DROP FUNCTION diwan_post_once();
DROP TRIGGER budget_moves_sealed ON budget_moves;
DROP FUNCTION diwan_budget_move_sealed();
DROP TRIGGER finance_documents_sealed ON finance_documents;
DROP FUNCTION diwan_finance_document_sealed();
DROP TRIGGER fiscal_years_fixed ON fiscal_years;
DROP TRIGGER fiscal_years_kept ON fiscal_years;
DROP TRIGGER finance_documents_within ON finance_documents;
DROP FUNCTION diwan_finance_document_within();
DROP TRIGGER finance_documents_settled ON finance_documents;
DROP FUNCTION diwan_finance_document_settled();
DROP TRIGGER finance_lines_open ON finance_lines;
DROP FUNCTION diwan_finance_line_open();
DROP TRIGGER commitment_slices_fixed ON commitment_slices;
DROP FUNCTION diwan_commitment_slice();
DROP TRIGGER line_cash_begun ON line_cash;
DROP FUNCTION diwan_line_cash_begun();
DROP TRIGGER line_cash_released ON line_cash;
DROP FUNCTION diwan_line_cash_released();
DROP TRIGGER line_cash_kept ON line_cash;
DROP TRIGGER numbers_follow ON numbers;
DROP FUNCTION diwan_number_follows();
DROP TRIGGER finance_approvals_apart ON finance_approvals;
DROP FUNCTION diwan_finance_approval_apart();
DROP TRIGGER payment_items_payer ON payment_items;
DROP FUNCTION diwan_payment_item_payer();
DROP TRIGGER payment_runs_payer ON payment_runs;
DROP FUNCTION diwan_payment_run_payer();
DROP TRIGGER cheques_payer ON cheques;
DROP FUNCTION diwan_cheque_payer();
DROP FUNCTION diwan_sealed(BIGINT, DATE, BOOLEAN);
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
        WHERE a.record_id = NEW.record_id AND a.round = NEW.round) < 3
        AND NOT EXISTS (SELECT 1 FROM year_ends y WHERE y.record_id = NEW.record_id AND y.state = 'prepared')
        AND NOT EXISTS (SELECT 1 FROM year_end_commitments c JOIN year_ends y ON y.year_id = c.year_id
            WHERE c.carried_id = NEW.record_id AND y.state = 'prepared' AND y.confirmed_by IS NOT NULL) THEN
        RAISE EXCEPTION 'finance: approvals' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION diwan_budget_moves_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind <> 'begin' AND NEW.source NOT IN ('obligated', 'paid')
        AND EXISTS (SELECT 1 FROM budget_lines b JOIN year_ends y ON y.year_id = b.year_id WHERE b.id = NEW.line_id AND y.state = 'ended') THEN
        RAISE EXCEPTION 'ledger: year' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION diwan_account_used() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.side <> NEW.side OR OLD.posting <> NEW.posting OR OLD.budgeted <> NEW.budgeted) AND EXISTS (SELECT 1 FROM period_balances b WHERE b.account_id = OLD.id) THEN
        RAISE EXCEPTION 'immutable: accounts' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
DROP VIEW finance_closings;
DROP VIEW finance_postings;
