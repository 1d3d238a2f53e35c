-- A record may be a document of finance.
-- The rules of a table cannot be changed by a statement here, and making the table anew would take every reference to it along.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = REPLACE(sql, 'kind IN (''outgoing'', ''incoming'', ''internal_memo'', ''document'')', 'kind IN (''outgoing'', ''incoming'', ''internal_memo'', ''document'', ''budget_law'', ''supplementary'', ''virement'', ''financial_order'', ''release'', ''freeze'', ''commitment'', ''payment_voucher'', ''receipt'', ''journal_voucher'', ''advance'', ''advance_settlement'', ''deposit'', ''deposit_refund'', ''bank_notice'', ''payment_run'', ''reconciliation'')')
    WHERE type = 'table' AND name = 'records';
PRAGMA writable_schema = RESET;

-- From which amount on a route is taken, in minor units of the base currency: larger amounts go a longer way.
ALTER TABLE approval_routes ADD COLUMN min_amount BIGINT NOT NULL DEFAULT 0 CHECK (min_amount >= 0);
