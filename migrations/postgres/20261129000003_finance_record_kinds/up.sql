-- A record may be a document of finance.
ALTER TABLE records DROP CONSTRAINT records_kind_check;
ALTER TABLE records ADD CONSTRAINT records_kind_check CHECK (kind IN ('outgoing', 'incoming', 'internal_memo', 'document', 'budget_law', 'supplementary', 'virement', 'financial_order', 'release', 'freeze', 'commitment', 'payment_voucher', 'receipt', 'journal_voucher', 'advance', 'advance_settlement', 'deposit', 'deposit_refund', 'bank_notice', 'payment_run', 'reconciliation'));

-- From which amount on a route is taken, in minor units of the base currency: larger amounts go a longer way.
ALTER TABLE approval_routes ADD COLUMN min_amount BIGINT NOT NULL DEFAULT 0 CHECK (min_amount >= 0);
