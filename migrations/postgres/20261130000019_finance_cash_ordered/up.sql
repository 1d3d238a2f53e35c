-- Cash that approved runs have ordered and the bank has not paid yet (أوامر الدفع): whoever pays finds it taken.
ALTER TABLE line_cash ADD COLUMN ordered BIGINT NOT NULL DEFAULT 0 CHECK (ordered >= 0 AND used + ordered <= released);

-- What runs have ordered until now. Together they may have ordered more than was released: then all that is left is theirs.
UPDATE line_cash SET ordered = CASE WHEN o.amount > released - used THEN released - used ELSE o.amount END
FROM (SELECT x.line_id, CAST(SUM(x.amount) AS BIGINT) AS amount
    FROM (SELECT i.id, m.line_id, SUM(CASE m.target WHEN 'obligated' THEN m.amount ELSE -m.amount END) AS amount
        FROM payment_items i
        JOIN payment_runs r ON r.record_id = i.run_id
        JOIN finance_documents d ON d.record_id = i.document_id
        JOIN budget_moves m ON m.entry_id = d.entry_id
        WHERE i.state = 'pending' AND r.state IN ('approved', 'sent') AND 'obligated' IN (m.source, m.target)
        GROUP BY i.id, m.line_id) x
    WHERE x.amount > 0 GROUP BY x.line_id) o
WHERE o.line_id = line_cash.line_id;
