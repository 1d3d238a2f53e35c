-- Books of a bank account that were changed after they were reconciled are a warning, which may be accepted.
ALTER TABLE period_acceptances DROP CONSTRAINT period_acceptances_finding_check;
ALTER TABLE period_acceptances ADD CONSTRAINT period_acceptances_finding_check CHECK (finding IN ('advances', 'clearing', 'bank_changed'));
-- A warning is accepted while its period may still be closed.
CREATE FUNCTION diwan_period_acceptance_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM fiscal_periods p WHERE p.id = NEW.period_id AND p.state IN ('open', 'soft_closed')) THEN
        RAISE EXCEPTION 'ledger: period' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER period_acceptances_open BEFORE INSERT ON period_acceptances FOR EACH ROW EXECUTE FUNCTION diwan_period_acceptance_open();

-- What no row may be deleted of is not emptied either: the triggers of rows do not hear of TRUNCATE. SQLite has no such statement.
CREATE TRIGGER access_grants_emptied BEFORE TRUNCATE ON access_grants FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER audit_entries_emptied BEFORE TRUNCATE ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER audit_seals_emptied BEFORE TRUNCATE ON audit_seals FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER bank_lines_emptied BEFORE TRUNCATE ON bank_lines FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER bank_matches_emptied BEFORE TRUNCATE ON bank_matches FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER bank_statements_emptied BEFORE TRUNCATE ON bank_statements FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER budget_keys_emptied BEFORE TRUNCATE ON budget_keys FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER budget_lines_emptied BEFORE TRUNCATE ON budget_lines FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER budget_moves_emptied BEFORE TRUNCATE ON budget_moves FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER cash_payments_emptied BEFORE TRUNCATE ON cash_payments FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER cheque_books_emptied BEFORE TRUNCATE ON cheque_books FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER cheques_emptied BEFORE TRUNCATE ON cheques FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER cleared_lines_emptied BEFORE TRUNCATE ON cleared_lines FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER commitment_continuations_emptied BEFORE TRUNCATE ON commitment_continuations FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER commitment_slices_emptied BEFORE TRUNCATE ON commitment_slices FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER currencies_emptied BEFORE TRUNCATE ON currencies FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER delivery_events_emptied BEFORE TRUNCATE ON delivery_events FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER disposal_items_emptied BEFORE TRUNCATE ON disposal_items FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER disposal_votes_emptied BEFORE TRUNCATE ON disposal_votes FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER entries_emptied BEFORE TRUNCATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER entry_lines_emptied BEFORE TRUNCATE ON entry_lines FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER finance_approvals_emptied BEFORE TRUNCATE ON finance_approvals FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER finance_auto_reversals_emptied BEFORE TRUNCATE ON finance_auto_reversals FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER finance_details_emptied BEFORE TRUNCATE ON finance_details FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER finance_documents_emptied BEFORE TRUNCATE ON finance_documents FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER finance_lines_emptied BEFORE TRUNCATE ON finance_lines FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER fiscal_periods_emptied BEFORE TRUNCATE ON fiscal_periods FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER fiscal_years_emptied BEFORE TRUNCATE ON fiscal_years FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER holds_emptied BEFORE TRUNCATE ON holds FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER import_files_emptied BEFORE TRUNCATE ON import_files FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER keeping_emptied BEFORE TRUNCATE ON keeping FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER letters_emptied BEFORE TRUNCATE ON letters FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER line_cash_emptied BEFORE TRUNCATE ON line_cash FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER line_cash_freed_emptied BEFORE TRUNCATE ON line_cash_freed FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER numbers_emptied BEFORE TRUNCATE ON numbers FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER opening_balances_emptied BEFORE TRUNCATE ON opening_balances FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER payment_items_emptied BEFORE TRUNCATE ON payment_items FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER payment_runs_emptied BEFORE TRUNCATE ON payment_runs FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER period_acceptances_emptied BEFORE TRUNCATE ON period_acceptances FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER period_kinds_emptied BEFORE TRUNCATE ON period_kinds FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER period_reopenings_emptied BEFORE TRUNCATE ON period_reopenings FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER period_seals_emptied BEFORE TRUNCATE ON period_seals FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER period_sign_offs_emptied BEFORE TRUNCATE ON period_sign_offs FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER port_calls_emptied BEFORE TRUNCATE ON port_calls FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER port_hold_lines_emptied BEFORE TRUNCATE ON port_hold_lines FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER port_holds_emptied BEFORE TRUNCATE ON port_holds FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER port_vouchers_emptied BEFORE TRUNCATE ON port_vouchers FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER posted_entries_emptied BEFORE TRUNCATE ON posted_entries FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER provisional_documents_emptied BEFORE TRUNCATE ON provisional_documents FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER reconciliations_emptied BEFORE TRUNCATE ON reconciliations FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER record_views_emptied BEFORE TRUNCATE ON record_views FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER remittances_emptied BEFORE TRUNCATE ON remittances FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER restore_drills_emptied BEFORE TRUNCATE ON restore_drills FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER reviews_emptied BEFORE TRUNCATE ON reviews FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER seals_emptied BEFORE TRUNCATE ON seals FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER template_drafts_emptied BEFORE TRUNCATE ON template_drafts FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER voucher_templates_emptied BEFORE TRUNCATE ON voucher_templates FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER year_end_commitments_emptied BEFORE TRUNCATE ON year_end_commitments FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER year_end_holds_emptied BEFORE TRUNCATE ON year_end_holds FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER year_ends_emptied BEFORE TRUNCATE ON year_ends FOR EACH STATEMENT EXECUTE FUNCTION diwan_refuse();
