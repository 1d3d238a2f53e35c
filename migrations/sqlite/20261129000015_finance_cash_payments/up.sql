-- A bank account of this mark is no bank's: its money lies in the agency's own box (صندوق). Cash alone is paid from it.
ALTER TABLE bank_accounts ADD COLUMN cash BOOLEAN NOT NULL DEFAULT FALSE;

-- Payments in cash (الصرف النقدي), numbered one by one in each box: who took the money, and by what that is known. One that is not
-- cancelled holds its document as an item of a run does.
CREATE TABLE cash_payments (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL,
    bank_account_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    state TEXT NOT NULL CHECK (state IN ('paid', 'cancelled')),
    document_id BIGINT NOT NULL,
    payee TEXT NOT NULL CHECK (payee <> ''),
    taken_by TEXT NOT NULL CHECK (taken_by <> ''),
    identity TEXT NOT NULL,
    note TEXT NOT NULL,
    fold TEXT NOT NULL,
    currency TEXT NOT NULL REFERENCES currencies (code),
    amount BIGINT NOT NULL CHECK (amount > 0),
    base_amount BIGINT NOT NULL CHECK (base_amount > 0),
    paid_on DATE NOT NULL,
    paid_by BIGINT NOT NULL REFERENCES users (id),
    paid_at TIMESTAMP NOT NULL,
    entry_id BIGINT NOT NULL,
    entry_seq INTEGER NOT NULL,
    ended_on DATE,
    ended_by BIGINT REFERENCES users (id),
    reason TEXT NOT NULL,
    return_entry_id BIGINT,
    return_seq INTEGER,
    CHECK (identity <> '' OR note <> ''),
    CHECK ((state = 'cancelled') = (return_entry_id IS NOT NULL)),
    CHECK ((return_entry_id IS NULL) = (return_seq IS NULL)),
    CHECK ((return_entry_id IS NULL) = (ended_on IS NULL)),
    CHECK ((return_entry_id IS NULL) = (ended_by IS NULL)),
    CHECK ((return_entry_id IS NULL) = (reason = '')),
    CHECK (ended_on >= paid_on),
    UNIQUE (bank_account_id, number),
    UNIQUE (entry_id, entry_seq),
    UNIQUE (return_entry_id, return_seq),
    FOREIGN KEY (bank_account_id, agency_id) REFERENCES bank_accounts (id, agency_id),
    FOREIGN KEY (document_id, agency_id) REFERENCES finance_documents (record_id, agency_id),
    FOREIGN KEY (entry_id, entry_seq) REFERENCES entry_lines (entry_id, seq),
    FOREIGN KEY (return_entry_id, return_seq) REFERENCES entry_lines (entry_id, seq)
);
CREATE UNIQUE INDEX cash_payments_held ON cash_payments (document_id) WHERE state = 'paid';
CREATE INDEX cash_payments_document ON cash_payments (document_id, agency_id);
CREATE INDEX cash_payments_list ON cash_payments (agency_id, id);

-- A payment in cash takes the next number of its box, and all that is open of a posted document that is paid in cash, with the
-- posted line that pays it. Who pays had no duty in the document and is not who is paid; nor is who issues a cheque.
CREATE TRIGGER cash_payments_begun BEFORE INSERT ON cash_payments
    WHEN NEW.state <> 'paid' OR NEW.number <> 1 + (SELECT COALESCE(MAX(c.number), 0) FROM cash_payments c
            WHERE c.bank_account_id = NEW.bank_account_id)
        OR NOT EXISTS (SELECT 1 FROM finance_documents d JOIN records x ON x.id = d.record_id
            JOIN entries e ON e.record_id = d.record_id JOIN posted_entries p ON p.entry_id = e.id
            JOIN entry_lines l ON l.entry_id = e.id JOIN bank_accounts b ON b.account_id = l.account_id AND b.currency = l.currency
        WHERE d.record_id = NEW.document_id AND d.posted_at IS NOT NULL AND x.state = 'posted' AND d.method = 'cash'
            AND d.currency = NEW.currency AND d.to_pay = NEW.base_amount AND b.id = NEW.bank_account_id AND b.cash
            AND l.entry_id = NEW.entry_id AND l.seq = NEW.entry_seq AND l.effective_on = NEW.paid_on
            AND l.credit = NEW.amount AND l.base_credit = NEW.base_amount
            AND NEW.amount = (SELECT SUM(CASE f.side WHEN 'debit' THEN f.amount ELSE -f.amount END)
                FROM finance_lines f WHERE f.record_id = d.record_id))
    BEGIN SELECT RAISE(ABORT, 'ledger: payment'); END;
CREATE TRIGGER cash_payments_payer BEFORE INSERT ON cash_payments
    WHEN EXISTS (SELECT 1 FROM finance_documents d JOIN finance_approvals a ON a.record_id = d.record_id AND a.round = d.round
            WHERE d.record_id = NEW.document_id AND NEW.paid_by IN (a.user_id, a.on_behalf_of))
        OR EXISTS (SELECT 1 FROM finance_documents d JOIN parties p ON p.id = d.party_id
            WHERE d.record_id = NEW.document_id AND p.user_id = NEW.paid_by)
    BEGIN SELECT RAISE(ABORT, 'ledger: person'); END;
CREATE TRIGGER cheques_payee BEFORE INSERT ON cheques
    WHEN EXISTS (SELECT 1 FROM finance_documents d JOIN parties p ON p.id = d.party_id
            WHERE d.record_id = NEW.document_id AND p.user_id = NEW.issued_by)
    BEGIN SELECT RAISE(ABORT, 'ledger: person'); END;
-- It is cancelled with the line that brings the money back, once; all else of it stays.
CREATE TRIGGER cash_payments_fixed BEFORE UPDATE ON cash_payments
    WHEN OLD.state <> 'paid' OR NEW.state <> 'cancelled'
        OR (OLD.id, OLD.agency_id, OLD.bank_account_id, OLD.number, OLD.document_id, OLD.payee, OLD.taken_by,
            OLD.identity, OLD.note, OLD.fold, OLD.currency, OLD.amount, OLD.base_amount, OLD.paid_on,
            OLD.paid_by, OLD.paid_at, OLD.entry_id, OLD.entry_seq)
        <> (NEW.id, NEW.agency_id, NEW.bank_account_id, NEW.number, NEW.document_id, NEW.payee, NEW.taken_by,
            NEW.identity, NEW.note, NEW.fold, NEW.currency, NEW.amount, NEW.base_amount, NEW.paid_on,
            NEW.paid_by, NEW.paid_at, NEW.entry_id, NEW.entry_seq)
    BEGIN SELECT RAISE(ABORT, 'immutable: cash_payments'); END;
CREATE TRIGGER cash_payments_returned BEFORE UPDATE ON cash_payments
    WHEN OLD.state = 'paid' AND NEW.state = 'cancelled' AND NOT EXISTS (SELECT 1 FROM entry_lines l
            JOIN posted_entries p ON p.entry_id = l.entry_id JOIN entries e ON e.id = l.entry_id
            JOIN bank_accounts b ON b.account_id = l.account_id AND b.currency = l.currency
        WHERE e.record_id = NEW.document_id AND b.id = NEW.bank_account_id AND l.entry_id = NEW.return_entry_id
            AND l.seq = NEW.return_seq AND l.effective_on = NEW.ended_on AND l.debit = NEW.amount AND l.base_debit = NEW.base_amount)
    BEGIN SELECT RAISE(ABORT, 'ledger: payment'); END;
CREATE TRIGGER cash_payments_kept BEFORE DELETE ON cash_payments
    BEGIN SELECT RAISE(ABORT, 'immutable: cash_payments'); END;
CREATE TRIGGER cash_payments_claim AFTER INSERT ON cash_payments
    BEGIN UPDATE finance_documents SET to_pay = to_pay - NEW.base_amount WHERE record_id = NEW.document_id; END;
CREATE TRIGGER cash_payments_give_back AFTER UPDATE ON cash_payments
    WHEN OLD.state = 'paid' AND NEW.state = 'cancelled'
    BEGIN UPDATE finance_documents SET to_pay = to_pay + OLD.base_amount WHERE record_id = OLD.document_id; END;
-- A box pays no transfers and has no cheques, and what has paid stays the account it is.
CREATE TRIGGER payment_runs_bank BEFORE INSERT ON payment_runs
    WHEN EXISTS (SELECT 1 FROM bank_accounts b WHERE b.id = NEW.bank_account_id AND b.cash)
    BEGIN SELECT RAISE(ABORT, 'ledger: payment'); END;
CREATE TRIGGER cheque_books_bank BEFORE INSERT ON cheque_books
    WHEN EXISTS (SELECT 1 FROM bank_accounts b WHERE b.id = NEW.bank_account_id AND b.cash)
    BEGIN SELECT RAISE(ABORT, 'ledger: cheque'); END;
CREATE TRIGGER bank_accounts_cash BEFORE UPDATE ON bank_accounts
    WHEN (OLD.cash <> NEW.cash OR OLD.account_id <> NEW.account_id OR OLD.currency <> NEW.currency)
        AND ((OLD.cash <> NEW.cash AND (EXISTS (SELECT 1 FROM payment_runs r WHERE r.bank_account_id = OLD.id)
                OR EXISTS (SELECT 1 FROM cheque_books k WHERE k.bank_account_id = OLD.id)
                OR EXISTS (SELECT 1 FROM bank_statements s WHERE s.bank_account_id = OLD.id)))
            OR EXISTS (SELECT 1 FROM cash_payments c WHERE c.bank_account_id = OLD.id))
    BEGIN SELECT RAISE(ABORT, 'immutable: bank_accounts'); END;

-- What is to be paid of a posted document is its net less what holds it; of one that is reversed, nothing.
DROP TRIGGER finance_documents_open;
CREATE TRIGGER finance_documents_open BEFORE UPDATE OF to_pay ON finance_documents
    WHEN OLD.posted_at IS NOT NULL AND OLD.to_pay <> NEW.to_pay AND NOT (
        (NEW.to_pay = (SELECT COALESCE(SUM(CASE l.side WHEN 'debit' THEN l.base_amount ELSE -l.base_amount END), 0)
                FROM finance_lines l WHERE l.record_id = NEW.record_id)
            - (SELECT COALESCE(SUM(i.base_amount), 0) FROM payment_items i
                WHERE i.document_id = NEW.record_id AND i.state IN ('pending', 'executed'))
            - (SELECT COALESCE(SUM(c.base_amount), 0) FROM cheques c
                WHERE c.document_id = NEW.record_id AND c.state IN ('issued', 'handed_over', 'cleared'))
            - (SELECT COALESCE(SUM(h.base_amount), 0) FROM cash_payments h WHERE h.document_id = NEW.record_id AND h.state = 'paid')
            AND EXISTS (SELECT 1 FROM records x WHERE x.id = NEW.record_id AND x.state = 'posted'))
        OR (NEW.to_pay = 0 AND NOT EXISTS (SELECT 1 FROM payment_items i
                WHERE i.document_id = NEW.record_id AND i.state IN ('pending', 'executed'))
            AND NOT EXISTS (SELECT 1 FROM cheques c
                WHERE c.document_id = NEW.record_id AND c.state IN ('issued', 'handed_over', 'cleared'))
            AND NOT EXISTS (SELECT 1 FROM cash_payments h WHERE h.document_id = NEW.record_id AND h.state = 'paid')
            AND EXISTS (SELECT 1 FROM finance_documents r WHERE r.reverses_id = NEW.record_id)))
    BEGIN SELECT RAISE(ABORT, 'ledger: payment'); END;
