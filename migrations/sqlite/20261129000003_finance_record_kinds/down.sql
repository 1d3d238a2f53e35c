ALTER TABLE approval_routes DROP COLUMN min_amount;
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = REPLACE(sql, 'kind IN (''outgoing'', ''incoming'', ''internal_memo'', ''document'', ''budget_law'', ''supplementary'', ''virement'', ''financial_order'', ''release'', ''freeze'', ''commitment'', ''payment_voucher'', ''receipt'', ''journal_voucher'', ''advance'', ''advance_settlement'', ''deposit'', ''deposit_refund'', ''bank_notice'', ''payment_run'', ''reconciliation'')', 'kind IN (''outgoing'', ''incoming'', ''internal_memo'', ''document'')')
    WHERE type = 'table' AND name = 'records';
PRAGMA writable_schema = RESET;
