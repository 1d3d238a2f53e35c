-- What changes the budget of a period and makes no entry in the books: documents of the budget, and moves such as those of a
-- commitment that is closed or of what another module holds. The complementary period has what was made for it, a month all other
-- of its days. A document and its own moves are both there.
CREATE VIEW period_budget AS
    SELECT p.id AS period_id, d.record_id AS record_id, TRUE AS document, d.effective_on AS effective_on, d.posted_at AS recorded_at,
        d.base_amount AS amount, (SELECT MAX(a.user_id) FROM finance_approvals a
            WHERE a.record_id = d.record_id AND a.round = d.round AND a.duty = 'authorise') AS recorded_by
    FROM fiscal_periods p JOIN finance_documents d ON d.agency_id = p.agency_id AND d.effective_on BETWEEN p.starts_on AND p.ends_on
        AND d.complementary = (p.number = 13)
    WHERE d.posted_at IS NOT NULL AND d.entry_id IS NULL AND d.kind IN
        ('budget_law', 'supplementary', 'virement', 'financial_order', 'release', 'freeze', 'commitment')
    UNION ALL SELECT p.id, m.record_id, FALSE, m.effective_on, m.recorded_at, m.amount, m.recorded_by
    FROM fiscal_periods p JOIN budget_moves m ON m.effective_on BETWEEN p.starts_on AND p.ends_on
        JOIN budget_lines b ON b.id = m.line_id AND b.agency_id = p.agency_id
    WHERE m.entry_id IS NULL AND m.kind <> 'begin'
        AND COALESCE((SELECT d.complementary FROM finance_documents d WHERE d.record_id = m.record_id), FALSE) = (p.number = 13);
-- They are few beside what has entries.
CREATE INDEX finance_documents_budget ON finance_documents (agency_id, entry_id, effective_on) WHERE entry_id IS NULL AND posted_at IS NOT NULL;
CREATE INDEX budget_moves_alone ON budget_moves (entry_id, effective_on) WHERE entry_id IS NULL;

-- A sign-off is of the period as it is, its budget too: `entries` counts all that was posted.
DROP TRIGGER period_sign_offs_hold;
CREATE TRIGGER period_sign_offs_hold BEFORE INSERT ON period_sign_offs BEGIN
    SELECT RAISE(ABORT, 'ledger: sign-off') WHERE NEW.entries <> (SELECT COUNT(*) FROM entries e WHERE e.period_id = NEW.period_id)
            + (SELECT COUNT(*) FROM period_budget b WHERE b.period_id = NEW.period_id)
        OR NEW.reopenings <> (SELECT COUNT(*) FROM period_reopenings o WHERE o.period_id = NEW.period_id)
        OR NOT EXISTS (SELECT 1 FROM closing_rules c WHERE c.id = NEW.rule_id AND c.kind = 'sign_off');
    SELECT RAISE(ABORT, 'ledger: person') WHERE EXISTS (SELECT 1 FROM period_sign_offs s JOIN closing_rules own ON own.id = NEW.rule_id JOIN closing_rules c ON c.id = s.rule_id
        WHERE s.period_id = NEW.period_id AND s.entries = NEW.entries AND s.reopenings = NEW.reopenings AND s.signed_by = NEW.signed_by
            AND s.rule_id <> NEW.rule_id AND (own.other_person OR c.other_person));
END;
