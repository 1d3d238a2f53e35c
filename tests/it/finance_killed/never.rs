//! What must not be found in the database of a server that was killed: each statement counts it.

/// What it is, and how much of it there is.
pub(super) const NEVER: [(&str, &str); 18] = [
    (
        "a document that is half posted",
        "SELECT COUNT(*) FROM finance_documents d JOIN records r ON r.id = d.record_id
        WHERE (d.posted_at IS NOT NULL) <> (r.state IN ('posted', 'closed')) OR (d.posted_at IS NOT NULL) <> (r.number IS NOT NULL)
            OR (d.posted_at IS NOT NULL) <> EXISTS (SELECT 1 FROM seals s WHERE s.record_id = r.id)
            OR (d.posted_at IS NOT NULL) <> EXISTS (SELECT 1 FROM numbers n WHERE n.record_id = r.id)
            OR r.state NOT IN ('draft', 'in_approval', 'posted', 'closed')",
    ),
    (
        "a trace of a voucher that is not posted",
        "SELECT COUNT(*) FROM finance_documents d WHERE d.posted_at IS NULL AND (d.entry_id IS NOT NULL
            OR EXISTS (SELECT 1 FROM entries e WHERE e.record_id = d.record_id)
            OR EXISTS (SELECT 1 FROM budget_moves m WHERE m.record_id = d.record_id))",
    ),
    (
        "a posted voucher without all of its entry, moves and duties",
        "SELECT COUNT(*) FROM finance_documents d WHERE d.kind = 'payment_voucher' AND d.posted_at IS NOT NULL AND (
            (SELECT COALESCE(SUM(l.base_debit), 0) FROM entry_lines l WHERE l.entry_id = d.entry_id) <> d.base_amount
            OR (SELECT COALESCE(SUM(m.amount), 0) FROM budget_moves m WHERE m.entry_id = d.entry_id AND m.target = 'obligated')
                <> d.base_amount
            OR (SELECT COUNT(DISTINCT a.duty) FROM finance_approvals a WHERE a.record_id = d.record_id) <> 3)",
    ),
    (
        "numbers with a gap",
        "SELECT COUNT(*) FROM (SELECT register_id, year, COUNT(*) AS have, MAX(seq) AS top FROM numbers
            GROUP BY register_id, year) x
            JOIN counters c ON c.register_id = x.register_id AND c.year = x.year WHERE x.have <> x.top OR c.last_seq <> x.top",
    ),
    (
        "a number twice",
        "SELECT COUNT(*) FROM (SELECT agency_id, number FROM records WHERE number IS NOT NULL
            GROUP BY agency_id, number HAVING COUNT(*) > 1) x",
    ),
    (
        "an entry that is not posted",
        "SELECT COUNT(*) FROM entries e WHERE NOT EXISTS (SELECT 1 FROM posted_entries p WHERE p.entry_id = e.id)",
    ),
    (
        "a balance that is not the sum of its lines",
        "SELECT COUNT(*) FROM (SELECT s.period_id FROM (
            SELECT period_id, account_id, key_id, party_id, centre_id, currency, base_debit, base_credit FROM period_balances
            UNION ALL SELECT period_id, account_id, COALESCE(key_id, 0), COALESCE(party_id, 0), COALESCE(centre_id, 0), currency,
                -base_debit, -base_credit FROM entry_lines) s
            GROUP BY s.period_id, s.account_id, s.key_id, s.party_id, s.centre_id, s.currency
            HAVING SUM(s.base_debit) <> 0 OR SUM(s.base_credit) <> 0) x",
    ),
    (
        "a budget line that is not where its moves left it",
        "SELECT COUNT(*) FROM budget_lines b JOIN budget_moves m ON m.line_id = b.id AND m.seq = b.seq
        WHERE b.unallotted <> m.after_unallotted OR b.available <> m.after_available OR b.obligated <> m.after_obligated
            OR b.paid <> m.after_paid OR b.seq + 1 <> (SELECT COUNT(*) FROM budget_moves x WHERE x.line_id = b.id)
            OR b.obligated <> (SELECT COALESCE(SUM(CASE WHEN x.target = 'obligated' THEN x.amount
                WHEN x.source = 'obligated' THEN -x.amount ELSE 0 END), 0) FROM budget_moves x WHERE x.line_id = b.id)",
    ),
    (
        "money that is owed or paid otherwise than the papers say",
        "SELECT COUNT(*) FROM (SELECT (SELECT SUM(obligated) FROM budget_lines) AS owed,
                (SELECT SUM(paid) FROM budget_lines) AS paid, (SELECT SUM(used) FROM line_cash) AS used,
                (SELECT SUM(ordered) FROM line_cash) AS ordered,
                (SELECT COALESCE(SUM(i.base_amount), 0) FROM payment_items i JOIN payment_runs r ON r.record_id = i.run_id
                    WHERE i.state = 'pending' AND r.state IN ('approved', 'sent')) AS sent,
                (SELECT COALESCE(SUM(base_amount), 0) FROM finance_documents
                    WHERE kind = 'payment_voucher' AND posted_at IS NOT NULL) AS vouchers,
                (SELECT SUM(to_pay) FROM finance_documents) AS to_pay,
                (SELECT COALESCE(SUM(base_amount), 0) FROM payment_items WHERE state = 'pending') AS pending,
                (SELECT COALESCE(SUM(base_amount), 0) FROM payment_items WHERE state = 'executed')
                    + (SELECT COALESCE(SUM(base_amount), 0) FROM cheques)
                    + (SELECT COALESCE(SUM(base_amount), 0) FROM cash_payments) AS settled) x
        WHERE x.paid <> x.settled OR x.used <> x.settled OR x.owed <> x.vouchers - x.settled
            OR x.owed <> x.to_pay + x.pending OR x.ordered <> x.sent",
    ),
    (
        "a run that is executed in part",
        "SELECT COUNT(*) FROM payment_runs r
        WHERE (SELECT COUNT(*) FROM entries e WHERE e.record_id = r.record_id) <> (CASE r.state WHEN 'executed' THEN 1 ELSE 0 END)
            OR r.items <> (SELECT COUNT(*) FROM payment_items i WHERE i.run_id = r.record_id)
            OR EXISTS (SELECT 1 FROM payment_items i WHERE i.run_id = r.record_id
                AND (i.state = 'executed') <> (r.state = 'executed'))",
    ),
    (
        "a statement without all of its lines",
        "SELECT COUNT(*) FROM bank_statements s WHERE NOT s.loaded
            OR s.lines <> (SELECT COUNT(*) FROM bank_lines l WHERE l.statement_id = s.id AND l.ordinal > 0)",
    ),
    (
        "a statement that does not follow the one before it",
        "SELECT COUNT(*) FROM (SELECT COUNT(*) AS have, COALESCE(MAX(seq), 0) AS top FROM bank_statements) x
        WHERE x.have <> x.top",
    ),
    (
        "a cheque or cash without its entry, or whose document is open",
        "SELECT COUNT(*) FROM (SELECT document_id, entry_id FROM cheques UNION ALL SELECT document_id, entry_id FROM cash_payments) x
        WHERE NOT EXISTS (SELECT 1 FROM finance_documents d JOIN posted_entries p ON p.entry_id = x.entry_id
            WHERE d.record_id = x.document_id AND d.posted_at IS NOT NULL AND d.to_pay = 0)",
    ),
    (
        "cheques or cash with a gap in their numbers",
        "SELECT COUNT(*) FROM (SELECT COUNT(*) AS have, COALESCE(MAX(number), 0) AS top FROM cheques
            UNION ALL SELECT COUNT(*), COALESCE(MAX(number), 0) FROM cash_payments) x WHERE x.have <> x.top",
    ),
    (
        "a period that is sealed without its book",
        "SELECT COUNT(*) FROM fiscal_periods p WHERE (p.state = 'sealed') <> EXISTS (SELECT 1 FROM period_seals s
            JOIN blobs b ON b.hash = s.blob_hash WHERE s.period_id = p.id AND s.root = p.root)",
    ),
    (
        "a year that is confirmed and not ended",
        "SELECT COUNT(*) FROM year_ends y WHERE (y.state = 'ended') <> (y.confirmed_by IS NOT NULL)
            OR (y.state = 'ended') <> EXISTS (SELECT 1 FROM finance_documents d
                WHERE d.record_id = y.record_id AND d.posted_at IS NOT NULL)",
    ),
    (
        "an ended year that is open, still has budget or does not open the next",
        "SELECT COUNT(*) FROM year_ends y WHERE y.state = 'ended' AND (
            EXISTS (SELECT 1 FROM fiscal_periods p WHERE p.year_id = y.year_id AND p.state NOT IN ('closed', 'sealed'))
            OR EXISTS (SELECT 1 FROM budget_lines b WHERE b.year_id = y.year_id
                AND b.unallotted + b.frozen + b.available + b.pre_committed + b.committed > 0)
            OR NOT EXISTS (SELECT 1 FROM opening_balances o WHERE o.year_id = y.year_id)
            OR EXISTS (SELECT 1 FROM year_end_commitments c WHERE c.year_id = y.year_id
                AND (c.amount IS NULL OR c.carried_id IS NULL)))",
    ),
    (
        "a trace of the end of a year that is not ended",
        "SELECT COUNT(*) FROM year_ends y WHERE y.state <> 'ended' AND (
            EXISTS (SELECT 1 FROM opening_balances o WHERE o.year_id = y.year_id)
            OR EXISTS (SELECT 1 FROM year_end_commitments c WHERE c.year_id = y.year_id AND c.amount IS NOT NULL)
            OR EXISTS (SELECT 1 FROM fiscal_periods p WHERE p.year_id = y.year_id AND p.number = 13 AND p.state <> 'open'))",
    ),
];
