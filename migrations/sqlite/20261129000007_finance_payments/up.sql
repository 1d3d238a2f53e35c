-- Payment runs (دفعات الصرف): transfers of one bank account that are approved, sent and executed together. Who approves neither
-- prepared it nor is paid by it; what was approved stays as it is.
CREATE TABLE payment_runs (
    record_id BIGINT NOT NULL PRIMARY KEY REFERENCES records (id),
    agency_id BIGINT NOT NULL,
    bank_account_id BIGINT NOT NULL,
    currency TEXT NOT NULL REFERENCES currencies (code),
    pay_on DATE NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'sent', 'executed', 'void')),
    items BIGINT NOT NULL CHECK (items >= 0),
    last_seq BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    base_amount BIGINT NOT NULL CHECK (base_amount >= 0),
    prepared_by BIGINT NOT NULL REFERENCES users (id),
    approved_by BIGINT REFERENCES users (id),
    approved_on DATE,
    approved_at TIMESTAMP,
    sent_by BIGINT REFERENCES users (id),
    sent_at TIMESTAMP,
    file_hash TEXT REFERENCES blobs (hash),
    csv_hash TEXT REFERENCES blobs (hash),
    reason TEXT NOT NULL,
    CHECK (last_seq >= items),
    CHECK (state <> 'draft' OR approved_by IS NULL),
    CHECK (state NOT IN ('approved', 'sent', 'executed') OR approved_by IS NOT NULL),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CHECK ((approved_by IS NULL) = (approved_on IS NULL)),
    CHECK (approved_by <> prepared_by),
    CHECK ((state IN ('sent', 'executed')) = (sent_at IS NOT NULL)),
    CHECK ((sent_at IS NULL) = (sent_by IS NULL)),
    CHECK ((sent_at IS NULL) = (file_hash IS NULL)),
    CHECK ((sent_at IS NULL) = (csv_hash IS NULL)),
    CHECK ((state = 'void') = (reason <> '')),
    UNIQUE (record_id, agency_id),
    FOREIGN KEY (bank_account_id, agency_id) REFERENCES bank_accounts (id, agency_id)
);
CREATE INDEX payment_runs_list ON payment_runs (agency_id, record_id);
CREATE INDEX payment_runs_account ON payment_runs (bank_account_id, agency_id);

-- Their transfers (الحوالات), with payee and account as they were on the day of adding. One that is pending or executed holds
-- its document: writing the row takes what is to be paid of it, and no other payment can.
CREATE TABLE payment_items (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    run_id BIGINT NOT NULL,
    agency_id BIGINT NOT NULL,
    seq BIGINT NOT NULL CHECK (seq > 0),
    state TEXT NOT NULL CHECK (state IN ('pending', 'executed', 'returned', 'rejected', 'released')),
    document_id BIGINT NOT NULL,
    payee TEXT NOT NULL CHECK (payee <> ''),
    iban TEXT NOT NULL CHECK (length(iban) BETWEEN 15 AND 34),
    amount BIGINT NOT NULL CHECK (amount > 0),
    base_amount BIGINT NOT NULL CHECK (base_amount > 0),
    end_to_end TEXT NOT NULL CHECK (length(end_to_end) BETWEEN 1 AND 35),
    fold TEXT NOT NULL,
    added_by BIGINT NOT NULL REFERENCES users (id),
    executed_on DATE,
    entry_id BIGINT,
    entry_seq INTEGER,
    failed_on DATE,
    return_entry_id BIGINT,
    return_seq INTEGER,
    reason TEXT NOT NULL,
    CHECK ((state IN ('executed', 'returned')) = (entry_id IS NOT NULL)),
    CHECK ((entry_id IS NULL) = (entry_seq IS NULL)),
    CHECK ((entry_id IS NULL) = (executed_on IS NULL)),
    CHECK ((state = 'returned') = (return_entry_id IS NOT NULL)),
    CHECK ((return_entry_id IS NULL) = (return_seq IS NULL)),
    CHECK ((state IN ('returned', 'rejected')) = (failed_on IS NOT NULL)),
    CHECK ((state IN ('returned', 'rejected')) = (reason <> '')),
    CHECK (failed_on >= executed_on),
    UNIQUE (run_id, seq),
    UNIQUE (run_id, document_id),
    UNIQUE (end_to_end),
    UNIQUE (entry_id, entry_seq),
    UNIQUE (return_entry_id, return_seq),
    FOREIGN KEY (run_id, agency_id) REFERENCES payment_runs (record_id, agency_id),
    FOREIGN KEY (document_id, agency_id) REFERENCES finance_documents (record_id, agency_id),
    FOREIGN KEY (entry_id, entry_seq) REFERENCES entry_lines (entry_id, seq),
    FOREIGN KEY (return_entry_id, return_seq) REFERENCES entry_lines (entry_id, seq)
);
CREATE UNIQUE INDEX payment_items_held ON payment_items (document_id) WHERE state IN ('pending', 'executed');
CREATE INDEX payment_items_state ON payment_items (run_id, state);

-- Cheque books (دفاتر الشيكات). The next number moves on only with the cheque that takes it.
CREATE TABLE cheque_books (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL,
    bank_account_id BIGINT NOT NULL,
    series TEXT NOT NULL,
    first_number BIGINT NOT NULL CHECK (first_number > 0),
    last_number BIGINT NOT NULL,
    next_number BIGINT NOT NULL,
    closed TEXT NOT NULL,
    added_by BIGINT NOT NULL REFERENCES users (id),
    added_at TIMESTAMP NOT NULL,
    CHECK (first_number <= last_number),
    CHECK (next_number >= first_number),
    CHECK (next_number <= last_number + 1),
    UNIQUE (id, agency_id),
    UNIQUE (bank_account_id, series, first_number),
    FOREIGN KEY (bank_account_id, agency_id) REFERENCES bank_accounts (id, agency_id)
);
CREATE INDEX cheque_books_list ON cheque_books (agency_id, id);

-- Cheques (الشيكات), each number of a book once and in their order, spoilt leaves too. One that is not given up holds its
-- document as an item of a run does.
CREATE TABLE cheques (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    bank_account_id BIGINT NOT NULL,
    series TEXT NOT NULL,
    number BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('issued', 'handed_over', 'cleared', 'cancelled', 'stale', 'spoilt')),
    document_id BIGINT,
    payee TEXT NOT NULL,
    fold TEXT NOT NULL,
    currency TEXT NOT NULL REFERENCES currencies (code),
    amount BIGINT NOT NULL CHECK (amount >= 0),
    base_amount BIGINT NOT NULL CHECK (base_amount >= 0),
    issued_on DATE NOT NULL,
    issued_by BIGINT NOT NULL REFERENCES users (id),
    issued_at TIMESTAMP NOT NULL,
    handed_on DATE,
    handed_to TEXT NOT NULL,
    ended_on DATE,
    reason TEXT NOT NULL,
    entry_id BIGINT,
    entry_seq INTEGER,
    return_entry_id BIGINT,
    return_seq INTEGER,
    CHECK ((state = 'spoilt') = (document_id IS NULL)),
    CHECK ((document_id IS NULL) = (amount = 0)),
    CHECK ((document_id IS NULL) = (base_amount = 0)),
    CHECK ((document_id IS NULL) = (payee = '')),
    CHECK ((document_id IS NULL) = (entry_id IS NULL)),
    CHECK ((entry_id IS NULL) = (entry_seq IS NULL)),
    CHECK ((state IN ('cancelled', 'stale')) = (return_entry_id IS NOT NULL)),
    CHECK ((return_entry_id IS NULL) = (return_seq IS NULL)),
    CHECK ((state IN ('cleared', 'cancelled', 'stale', 'spoilt')) = (ended_on IS NOT NULL)),
    CHECK ((state IN ('cancelled', 'stale', 'spoilt')) = (reason <> '')),
    CHECK (state NOT IN ('handed_over', 'cleared') OR handed_on IS NOT NULL),
    CHECK ((handed_on IS NULL) = (handed_to = '')),
    CHECK (handed_on >= issued_on),
    CHECK (ended_on >= issued_on),
    CHECK (ended_on >= handed_on),
    UNIQUE (bank_account_id, series, number),
    UNIQUE (entry_id, entry_seq),
    UNIQUE (return_entry_id, return_seq),
    FOREIGN KEY (book_id, agency_id) REFERENCES cheque_books (id, agency_id),
    FOREIGN KEY (bank_account_id, agency_id) REFERENCES bank_accounts (id, agency_id),
    FOREIGN KEY (document_id, agency_id) REFERENCES finance_documents (record_id, agency_id),
    FOREIGN KEY (entry_id, entry_seq) REFERENCES entry_lines (entry_id, seq),
    FOREIGN KEY (return_entry_id, return_seq) REFERENCES entry_lines (entry_id, seq)
);
CREATE UNIQUE INDEX cheques_held ON cheques (document_id) WHERE state IN ('issued', 'handed_over', 'cleared');
CREATE INDEX cheques_list ON cheques (agency_id, id);
CREATE INDEX cheques_book ON cheques (book_id, agency_id);

-- Vouchers that remit deductions (توريد الاقتطاعات): of which account, whose, of which month. How much is in their lines.
CREATE TABLE remittances (
    document_id BIGINT NOT NULL PRIMARY KEY,
    agency_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    party_id BIGINT,
    month DATE NOT NULL,
    made_by BIGINT NOT NULL REFERENCES users (id),
    made_at TIMESTAMP NOT NULL,
    FOREIGN KEY (document_id, agency_id) REFERENCES finance_documents (record_id, agency_id),
    FOREIGN KEY (account_id, agency_id) REFERENCES accounts (id, agency_id),
    FOREIGN KEY (party_id, agency_id) REFERENCES parties (id, agency_id)
);
CREATE INDEX remittances_account ON remittances (account_id, agency_id);
-- What was deducted is found by its account.
CREATE INDEX finance_lines_account ON finance_lines (account_id, agency_id);
-- What is to be paid: few among all documents.
CREATE INDEX finance_documents_to_pay ON finance_documents (agency_id, record_id) WHERE to_pay > 0;

-- A run goes from draft to approved to sent to executed, or to void before it is sent. Approving compares it with its items,
-- and asks that the approver is neither who added one nor who is paid, and has a limit that covers the total on the day.
CREATE TRIGGER payment_runs_begun BEFORE INSERT ON payment_runs
    WHEN NEW.state <> 'draft' OR NEW.items <> 0 OR NEW.amount <> 0 OR NEW.base_amount <> 0
        OR NOT EXISTS (SELECT 1 FROM bank_accounts b WHERE b.id = NEW.bank_account_id AND b.currency = NEW.currency)
    BEGIN SELECT RAISE(ABORT, 'ledger: payment'); END;
CREATE TRIGGER payment_runs_fixed BEFORE UPDATE ON payment_runs
    WHEN OLD.record_id <> NEW.record_id OR OLD.agency_id <> NEW.agency_id OR OLD.bank_account_id <> NEW.bank_account_id
        OR OLD.currency <> NEW.currency OR OLD.prepared_by <> NEW.prepared_by
        OR NOT (OLD.state = NEW.state OR (OLD.state = 'draft' AND NEW.state IN ('approved', 'void'))
            OR (OLD.state = 'approved' AND NEW.state IN ('sent', 'void')) OR (OLD.state = 'sent' AND NEW.state = 'executed'))
        OR (OLD.state <> 'draft' AND (OLD.pay_on <> NEW.pay_on OR OLD.items <> NEW.items OR OLD.last_seq <> NEW.last_seq
            OR OLD.amount <> NEW.amount OR OLD.base_amount <> NEW.base_amount
            OR COALESCE(OLD.approved_by, 0) <> COALESCE(NEW.approved_by, 0) OR OLD.approved_on <> NEW.approved_on
            OR OLD.approved_at <> NEW.approved_at))
        OR (OLD.sent_at IS NOT NULL AND (OLD.sent_by <> NEW.sent_by OR OLD.sent_at <> NEW.sent_at
            OR OLD.file_hash <> NEW.file_hash OR OLD.csv_hash <> NEW.csv_hash))
        OR (OLD.state = 'void' AND OLD.reason <> NEW.reason)
    BEGIN SELECT RAISE(ABORT, 'immutable: payment_runs'); END;
CREATE TRIGGER payment_runs_approved BEFORE UPDATE ON payment_runs
    WHEN OLD.state = 'draft' AND NEW.state = 'approved' AND (NEW.items = 0
        OR NEW.items <> (SELECT COUNT(*) FROM payment_items i WHERE i.run_id = NEW.record_id)
        OR NEW.amount <> (SELECT SUM(i.amount) FROM payment_items i WHERE i.run_id = NEW.record_id)
        OR NEW.base_amount <> (SELECT SUM(i.base_amount) FROM payment_items i WHERE i.run_id = NEW.record_id)
        OR EXISTS (SELECT 1 FROM payment_items i JOIN finance_documents d ON d.record_id = i.document_id
            LEFT JOIN parties p ON p.id = d.party_id
            WHERE i.run_id = NEW.record_id AND (i.added_by = NEW.approved_by OR p.user_id = NEW.approved_by))
        OR NOT EXISTS (SELECT 1 FROM authority_limits l WHERE l.agency_id = NEW.agency_id AND l.user_id = NEW.approved_by
            AND l.kind IN ('', 'payment_run') AND l.amount >= NEW.base_amount AND l.active_from <= NEW.approved_on
            AND (l.active_to IS NULL OR l.active_to >= NEW.approved_on)))
    BEGIN SELECT RAISE(ABORT, 'ledger: payment'); END;
CREATE TRIGGER payment_runs_executed BEFORE UPDATE ON payment_runs
    WHEN OLD.state = 'sent' AND NEW.state = 'executed' AND EXISTS (SELECT 1 FROM payment_items i WHERE i.run_id = NEW.record_id AND i.state = 'pending')
    BEGIN SELECT RAISE(ABORT, 'ledger: payment'); END;
CREATE TRIGGER payment_runs_kept BEFORE DELETE ON payment_runs
    BEGIN SELECT RAISE(ABORT, 'immutable: payment_runs'); END;
-- What is given up holds nothing.
CREATE TRIGGER payment_runs_void AFTER UPDATE OF state ON payment_runs
    WHEN OLD.state <> 'void' AND NEW.state = 'void'
    BEGIN UPDATE payment_items SET state = 'released' WHERE run_id = NEW.record_id AND state = 'pending'; END;

-- An item takes all that is open of a posted document that is paid by transfer, in its currency.
CREATE TRIGGER payment_items_begun BEFORE INSERT ON payment_items
    WHEN NEW.state <> 'pending' OR NOT EXISTS (SELECT 1 FROM payment_runs r JOIN finance_documents d ON d.record_id = NEW.document_id
            JOIN records x ON x.id = d.record_id
        WHERE r.record_id = NEW.run_id AND r.state = 'draft' AND d.posted_at IS NOT NULL AND x.state = 'posted'
            AND d.method = 'transfer' AND d.currency = r.currency AND d.to_pay = NEW.base_amount
            AND NEW.amount = (SELECT SUM(CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END)
                FROM finance_lines l WHERE l.record_id = d.record_id))
    BEGIN SELECT RAISE(ABORT, 'ledger: payment'); END;
-- It is executed by a posted line of its run on the account that pays, and comes back by one on the other side.
CREATE TRIGGER payment_items_fixed BEFORE UPDATE ON payment_items
    WHEN OLD.id <> NEW.id OR OLD.run_id <> NEW.run_id OR OLD.agency_id <> NEW.agency_id OR OLD.seq <> NEW.seq
        OR OLD.document_id <> NEW.document_id OR OLD.payee <> NEW.payee OR OLD.iban <> NEW.iban OR OLD.amount <> NEW.amount
        OR OLD.base_amount <> NEW.base_amount OR OLD.end_to_end <> NEW.end_to_end OR OLD.fold <> NEW.fold OR OLD.added_by <> NEW.added_by
        OR NOT ((OLD.state = 'pending' AND NEW.state IN ('executed', 'rejected')
                AND (SELECT r.state FROM payment_runs r WHERE r.record_id = OLD.run_id) = 'sent')
            OR (OLD.state = 'pending' AND NEW.state = 'released'
                AND (SELECT r.state FROM payment_runs r WHERE r.record_id = OLD.run_id) = 'void')
            OR (OLD.state = 'executed' AND NEW.state = 'returned' AND COALESCE(OLD.entry_id = NEW.entry_id
                AND OLD.entry_seq = NEW.entry_seq AND OLD.executed_on = NEW.executed_on, FALSE)))
    BEGIN SELECT RAISE(ABORT, 'immutable: payment_items'); END;
CREATE TRIGGER payment_items_paid BEFORE UPDATE ON payment_items
    WHEN ((OLD.state = 'pending' AND NEW.state = 'executed') OR (OLD.state = 'executed' AND NEW.state = 'returned'))
        AND NOT EXISTS (SELECT 1 FROM entry_lines l JOIN posted_entries p ON p.entry_id = l.entry_id
            JOIN entries e ON e.id = l.entry_id JOIN payment_runs r ON r.record_id = e.record_id
            JOIN bank_accounts b ON b.id = r.bank_account_id AND b.account_id = l.account_id AND b.currency = l.currency
        WHERE r.record_id = NEW.run_id AND l.entry_id = CASE NEW.state WHEN 'executed' THEN NEW.entry_id ELSE NEW.return_entry_id END
            AND l.seq = CASE NEW.state WHEN 'executed' THEN NEW.entry_seq ELSE NEW.return_seq END
            AND ((NEW.state = 'executed' AND l.effective_on = NEW.executed_on AND l.credit = NEW.amount
                    AND l.base_credit = NEW.base_amount)
                OR (NEW.state = 'returned' AND l.effective_on = NEW.failed_on AND l.debit = NEW.amount
                    AND l.base_debit = NEW.base_amount)))
    BEGIN SELECT RAISE(ABORT, 'ledger: payment'); END;
CREATE TRIGGER payment_items_kept BEFORE DELETE ON payment_items
    WHEN NOT EXISTS (SELECT 1 FROM payment_runs r WHERE r.record_id = OLD.run_id AND r.state = 'draft')
    BEGIN SELECT RAISE(ABORT, 'immutable: payment_items'); END;
CREATE TRIGGER payment_items_claim AFTER INSERT ON payment_items
    BEGIN UPDATE finance_documents SET to_pay = to_pay - NEW.base_amount WHERE record_id = NEW.document_id; END;
CREATE TRIGGER payment_items_give_back AFTER UPDATE ON payment_items
    WHEN OLD.state IN ('pending', 'executed') AND NEW.state NOT IN ('pending', 'executed')
    BEGIN UPDATE finance_documents SET to_pay = to_pay + OLD.base_amount WHERE record_id = OLD.document_id; END;
CREATE TRIGGER payment_items_removed AFTER DELETE ON payment_items
    BEGIN UPDATE finance_documents SET to_pay = to_pay + OLD.base_amount WHERE record_id = OLD.document_id; END;

-- What is to be paid of a posted document is its net less what holds it; of one that is reversed, nothing.
CREATE TRIGGER finance_documents_open BEFORE UPDATE OF to_pay ON finance_documents
    WHEN OLD.posted_at IS NOT NULL AND OLD.to_pay <> NEW.to_pay AND NOT (
        (NEW.to_pay = (SELECT COALESCE(SUM(CASE l.side WHEN 'debit' THEN l.base_amount ELSE -l.base_amount END), 0)
                FROM finance_lines l WHERE l.record_id = NEW.record_id)
            - (SELECT COALESCE(SUM(i.base_amount), 0) FROM payment_items i
                WHERE i.document_id = NEW.record_id AND i.state IN ('pending', 'executed'))
            - (SELECT COALESCE(SUM(c.base_amount), 0) FROM cheques c
                WHERE c.document_id = NEW.record_id AND c.state IN ('issued', 'handed_over', 'cleared'))
            AND EXISTS (SELECT 1 FROM records x WHERE x.id = NEW.record_id AND x.state = 'posted'))
        OR (NEW.to_pay = 0 AND NOT EXISTS (SELECT 1 FROM payment_items i
                WHERE i.document_id = NEW.record_id AND i.state IN ('pending', 'executed'))
            AND NOT EXISTS (SELECT 1 FROM cheques c
                WHERE c.document_id = NEW.record_id AND c.state IN ('issued', 'handed_over', 'cleared'))
            AND EXISTS (SELECT 1 FROM finance_documents r WHERE r.reverses_id = NEW.record_id)))
    BEGIN SELECT RAISE(ABORT, 'ledger: payment'); END;

-- Numbers of a book are no other book's, and move on one by one with their cheques.
CREATE TRIGGER cheque_books_begun BEFORE INSERT ON cheque_books
    WHEN NEW.next_number <> NEW.first_number OR NEW.closed <> '' OR EXISTS (SELECT 1 FROM cheque_books b
            WHERE b.bank_account_id = NEW.bank_account_id AND b.series = NEW.series
                AND b.first_number <= NEW.last_number AND b.last_number >= NEW.first_number)
    BEGIN SELECT RAISE(ABORT, 'ledger: cheque'); END;
CREATE TRIGGER cheque_books_fixed BEFORE UPDATE ON cheque_books
    WHEN OLD.id <> NEW.id OR OLD.agency_id <> NEW.agency_id OR OLD.bank_account_id <> NEW.bank_account_id OR OLD.series <> NEW.series
        OR OLD.first_number <> NEW.first_number OR OLD.last_number <> NEW.last_number OR OLD.added_by <> NEW.added_by
        OR OLD.added_at <> NEW.added_at OR (OLD.closed <> '' AND (OLD.closed <> NEW.closed OR OLD.next_number <> NEW.next_number))
        OR (OLD.next_number <> NEW.next_number AND (NEW.next_number <> OLD.next_number + 1 OR NOT EXISTS (SELECT 1 FROM cheques c
            WHERE c.book_id = OLD.id AND c.number = OLD.next_number)))
    BEGIN SELECT RAISE(ABORT, 'immutable: cheque_books'); END;
CREATE TRIGGER cheque_books_kept BEFORE DELETE ON cheque_books
    BEGIN SELECT RAISE(ABORT, 'immutable: cheque_books'); END;
-- A cheque takes the next number of an open book, and all that is open of a posted document that is paid by cheque, with the
-- posted line that pays it; a spoilt leaf takes the number alone.
CREATE TRIGGER cheques_begun BEFORE INSERT ON cheques
    WHEN NEW.state NOT IN ('issued', 'spoilt') OR NOT EXISTS (SELECT 1 FROM cheque_books k JOIN bank_accounts b ON b.id = k.bank_account_id
            WHERE k.id = NEW.book_id AND k.closed = '' AND k.next_number = NEW.number AND k.last_number >= NEW.number
                AND k.series = NEW.series AND k.bank_account_id = NEW.bank_account_id AND b.currency = NEW.currency)
        OR (NEW.state = 'issued' AND NOT EXISTS (SELECT 1 FROM finance_documents d JOIN records x ON x.id = d.record_id
            JOIN entries e ON e.record_id = d.record_id JOIN posted_entries p ON p.entry_id = e.id
            JOIN entry_lines l ON l.entry_id = e.id JOIN bank_accounts b ON b.account_id = l.account_id AND b.currency = l.currency
            WHERE d.record_id = NEW.document_id AND d.posted_at IS NOT NULL AND x.state = 'posted' AND d.method = 'cheque'
                AND d.currency = NEW.currency AND d.to_pay = NEW.base_amount AND b.id = NEW.bank_account_id
                AND l.entry_id = NEW.entry_id AND l.seq = NEW.entry_seq AND l.effective_on = NEW.issued_on
                AND l.credit = NEW.amount AND l.base_credit = NEW.base_amount
                AND NEW.amount = (SELECT SUM(CASE f.side WHEN 'debit' THEN f.amount ELSE -f.amount END)
                    FROM finance_lines f WHERE f.record_id = d.record_id)))
    BEGIN SELECT RAISE(ABORT, 'ledger: cheque'); END;
CREATE TRIGGER cheques_fixed BEFORE UPDATE ON cheques
    WHEN OLD.id <> NEW.id OR OLD.agency_id <> NEW.agency_id OR OLD.book_id <> NEW.book_id OR OLD.bank_account_id <> NEW.bank_account_id
        OR OLD.series <> NEW.series OR OLD.number <> NEW.number OR COALESCE(OLD.document_id, 0) <> COALESCE(NEW.document_id, 0)
        OR OLD.payee <> NEW.payee OR OLD.fold <> NEW.fold OR OLD.currency <> NEW.currency OR OLD.amount <> NEW.amount OR OLD.base_amount <> NEW.base_amount
        OR OLD.issued_on <> NEW.issued_on OR OLD.issued_by <> NEW.issued_by OR OLD.issued_at <> NEW.issued_at
        OR COALESCE(OLD.entry_id, 0) <> COALESCE(NEW.entry_id, 0) OR COALESCE(OLD.entry_seq, 0) <> COALESCE(NEW.entry_seq, 0)
        OR (OLD.handed_on IS NOT NULL AND (NEW.handed_on IS NULL OR OLD.handed_on <> NEW.handed_on OR OLD.handed_to <> NEW.handed_to))
        OR NOT ((OLD.state = 'issued' AND NEW.state IN ('handed_over', 'cancelled', 'stale'))
            OR (OLD.state = 'handed_over' AND NEW.state IN ('cleared', 'cancelled', 'stale')))
    BEGIN SELECT RAISE(ABORT, 'immutable: cheques'); END;
CREATE TRIGGER cheques_returned BEFORE UPDATE ON cheques
    WHEN OLD.state IN ('issued', 'handed_over') AND NEW.state IN ('cancelled', 'stale')
        AND NOT EXISTS (SELECT 1 FROM entry_lines l JOIN posted_entries p ON p.entry_id = l.entry_id
            JOIN entries e ON e.id = l.entry_id
            JOIN bank_accounts b ON b.account_id = l.account_id AND b.currency = l.currency
        WHERE e.record_id = NEW.document_id AND b.id = NEW.bank_account_id AND l.entry_id = NEW.return_entry_id
            AND l.seq = NEW.return_seq AND l.effective_on = NEW.ended_on AND l.debit = NEW.amount AND l.base_debit = NEW.base_amount)
    BEGIN SELECT RAISE(ABORT, 'ledger: cheque'); END;
CREATE TRIGGER cheques_kept BEFORE DELETE ON cheques
    BEGIN SELECT RAISE(ABORT, 'immutable: cheques'); END;
CREATE TRIGGER cheques_claim AFTER INSERT ON cheques BEGIN
    UPDATE cheque_books SET next_number = next_number + 1 WHERE id = NEW.book_id;
    UPDATE finance_documents SET to_pay = to_pay - NEW.base_amount WHERE record_id = NEW.document_id;
END;
CREATE TRIGGER cheques_give_back AFTER UPDATE ON cheques
    WHEN OLD.state IN ('issued', 'handed_over') AND NEW.state IN ('cancelled', 'stale')
    BEGIN UPDATE finance_documents SET to_pay = to_pay + OLD.base_amount WHERE record_id = OLD.document_id; END;

CREATE TRIGGER remittances_fixed BEFORE UPDATE ON remittances
    BEGIN SELECT RAISE(ABORT, 'immutable: remittances'); END;
CREATE TRIGGER remittances_kept BEFORE DELETE ON remittances
    BEGIN SELECT RAISE(ABORT, 'immutable: remittances'); END;
-- What pays stays the account it is.
CREATE TRIGGER bank_accounts_pay BEFORE UPDATE ON bank_accounts
    WHEN (OLD.account_id <> NEW.account_id OR OLD.currency <> NEW.currency)
        AND (EXISTS (SELECT 1 FROM payment_runs r WHERE r.bank_account_id = OLD.id)
            OR EXISTS (SELECT 1 FROM cheque_books k WHERE k.bank_account_id = OLD.id))
    BEGIN SELECT RAISE(ABORT, 'immutable: bank_accounts'); END;
