-- Who paid what was received (اسم الدافع), party or not, and the slip by which it was brought to the bank (قسيمة الإيداع).
ALTER TABLE finance_details ADD COLUMN payer TEXT NOT NULL DEFAULT '';
ALTER TABLE finance_details ADD COLUMN deposit_slip TEXT NOT NULL DEFAULT '';
-- A second party with the tax number of another one is refused by what adds and imports parties, of which there may be a hundred
-- thousand. Lists that were kept before may have a number twice, so the index is not unique.
CREATE INDEX parties_tax_number ON parties (agency_id, tax_number);

-- Cash of a line that a voucher freed as it gave money back to a key: as much of it as was used of the line, which nobody can tell
-- afterwards. Its reversal takes the same again, as less than 0. Both come with the document that is being posted, and stay.
CREATE TABLE line_cash_freed (
    record_id BIGINT NOT NULL REFERENCES finance_documents (record_id),
    line_id BIGINT NOT NULL REFERENCES line_cash (line_id),
    amount BIGINT NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (record_id, line_id)
);
CREATE INDEX line_cash_freed_line ON line_cash_freed (line_id);
CREATE TRIGGER line_cash_freed_posted BEFORE INSERT ON line_cash_freed
    WHEN NOT EXISTS (SELECT 1 FROM finance_postings p JOIN budget_lines b ON b.agency_id = p.agency_id
        WHERE p.record_id = NEW.record_id AND b.id = NEW.line_id AND (p.reverses_id IS NULL) = (NEW.amount > 0))
    BEGIN SELECT RAISE(ABORT, 'ledger: cash'); END;
CREATE TRIGGER line_cash_freed_fixed BEFORE UPDATE ON line_cash_freed
    BEGIN SELECT RAISE(ABORT, 'immutable: line_cash_freed'); END;
CREATE TRIGGER line_cash_freed_kept BEFORE DELETE ON line_cash_freed
    BEGIN SELECT RAISE(ABORT, 'immutable: line_cash_freed'); END;
