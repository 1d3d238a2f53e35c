-- Statements of banks (كشوف الحسابات البنكية). Each begins with the balance that the one before of its account ended with: a
-- chain of foreign keys. What is `loaded` holds: its lines are all there and give the closing balance; nothing else can be
-- committed.
CREATE TABLE bank_statements (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL,
    bank_account_id BIGINT NOT NULL,
    seq BIGINT NOT NULL CHECK (seq > 0),
    prev_seq BIGINT,
    number TEXT NOT NULL CHECK (number <> ''),
    bank_seq BIGINT NOT NULL CHECK (bank_seq >= 0),
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    currency TEXT NOT NULL REFERENCES currencies (code),
    opening BIGINT NOT NULL,
    closing BIGINT NOT NULL,
    lines INTEGER NOT NULL CHECK (lines >= 0),
    format TEXT NOT NULL,
    blob_hash TEXT NOT NULL REFERENCES blobs (hash),
    file_name TEXT NOT NULL,
    imported_by BIGINT NOT NULL REFERENCES users (id),
    imported_at TIMESTAMP NOT NULL,
    loaded BOOLEAN NOT NULL,
    whole BOOLEAN NOT NULL CHECK (whole),
    CHECK (starts_on <= ends_on),
    CHECK ((seq = 1) = (prev_seq IS NULL)),
    CHECK (prev_seq IS NULL OR prev_seq = seq - 1),
    UNIQUE (bank_account_id, seq),
    UNIQUE (bank_account_id, seq, closing),
    UNIQUE (bank_account_id, number, bank_seq, starts_on),
    UNIQUE (id, bank_account_id, seq),
    UNIQUE (id, loaded),
    FOREIGN KEY (bank_account_id, agency_id) REFERENCES bank_accounts (id, agency_id),
    FOREIGN KEY (bank_account_id, prev_seq, opening) REFERENCES bank_statements (bank_account_id, seq, closing),
    FOREIGN KEY (id, whole) REFERENCES bank_statements (id, loaded) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX bank_statements_blob ON bank_statements (blob_hash);

-- Their lines (حركات الكشف), in the bank's order from 1; equal ones of a day are genuine and counted by `occurrence`. Line 0 of
-- the first statement of an account is its opening balance: what the books had before has to be found in it.
CREATE TABLE bank_lines (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    statement_id BIGINT NOT NULL,
    bank_account_id BIGINT NOT NULL,
    statement_seq BIGINT NOT NULL,
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    occurrence INTEGER NOT NULL CHECK (occurrence > 0),
    value_on DATE NOT NULL,
    booked_on DATE NOT NULL,
    incoming BOOLEAN NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    matched BIGINT NOT NULL,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    bank_reference TEXT NOT NULL,
    counterparty TEXT NOT NULL,
    counterparty_account TEXT NOT NULL,
    details TEXT NOT NULL,
    parts TEXT NOT NULL,
    reversal BOOLEAN NOT NULL,
    fold TEXT NOT NULL,
    CHECK (matched BETWEEN 0 AND amount),
    CHECK (ordinal > 0 OR statement_seq = 1),
    UNIQUE (statement_id, ordinal),
    UNIQUE (id, bank_account_id),
    FOREIGN KEY (statement_id, bank_account_id, statement_seq) REFERENCES bank_statements (id, bank_account_id, seq)
);
CREATE INDEX bank_lines_open ON bank_lines (bank_account_id, statement_seq, id) WHERE matched < amount;

-- How much of a line of the books the bank has confirmed. A line that is not here is open as a whole.
CREATE TABLE cleared_lines (
    entry_id BIGINT NOT NULL,
    seq INTEGER NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    cleared BIGINT NOT NULL,
    CHECK (cleared BETWEEN 0 AND amount),
    PRIMARY KEY (entry_id, seq),
    FOREIGN KEY (entry_id, seq) REFERENCES entry_lines (entry_id, seq)
);

-- Bank reconciliations (التسويات البنكية): one open at a time for an account, each further than the one before. What the bank alone
-- has and what the books alone have explain the difference to the last unit; who approves did not prepare.
CREATE TABLE reconciliations (
    record_id BIGINT NOT NULL PRIMARY KEY REFERENCES records (id),
    agency_id BIGINT NOT NULL,
    bank_account_id BIGINT NOT NULL,
    last_seq BIGINT NOT NULL,
    day DATE NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'approved')),
    book_balance BIGINT NOT NULL,
    bank_balance BIGINT NOT NULL,
    bank_only BIGINT NOT NULL,
    books_only BIGINT NOT NULL,
    content TEXT,
    prepared_by BIGINT NOT NULL REFERENCES users (id),
    submitted_at TIMESTAMP,
    approved_by BIGINT REFERENCES users (id),
    approved_at TIMESTAMP,
    root TEXT CHECK (length(root) = 64),
    CHECK (book_balance + bank_only = bank_balance + books_only),
    CHECK ((state = 'draft') = (submitted_at IS NULL)),
    CHECK ((submitted_at IS NULL) = (content IS NULL)),
    CHECK ((state = 'approved') = (approved_by IS NOT NULL)),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CHECK ((approved_by IS NULL) = (root IS NULL)),
    CHECK (approved_by <> prepared_by),
    UNIQUE (bank_account_id, last_seq),
    UNIQUE (record_id, bank_account_id),
    FOREIGN KEY (bank_account_id, agency_id) REFERENCES bank_accounts (id, agency_id),
    FOREIGN KEY (bank_account_id, last_seq) REFERENCES bank_statements (bank_account_id, seq)
);
CREATE UNIQUE INDEX reconciliations_open ON reconciliations (bank_account_id) WHERE state <> 'approved';
CREATE INDEX reconciliations_list ON reconciliations (agency_id, record_id);

-- Which line of the bank is which line of the books (المطابقة), how much of it, and why.
CREATE TABLE bank_matches (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    bank_account_id BIGINT NOT NULL,
    line_id BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    seq INTEGER NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    rule TEXT NOT NULL CHECK (rule IN ('reference', 'exact', 'twins', 'sum_reference', 'sum_day', 'sum_search', 'manual')),
    why TEXT NOT NULL,
    reconciliation_id BIGINT,
    matched_by BIGINT NOT NULL REFERENCES users (id),
    matched_at TIMESTAMP NOT NULL,
    UNIQUE (line_id, entry_id, seq),
    FOREIGN KEY (line_id, bank_account_id) REFERENCES bank_lines (id, bank_account_id),
    FOREIGN KEY (entry_id, seq) REFERENCES entry_lines (entry_id, seq),
    FOREIGN KEY (reconciliation_id, bank_account_id) REFERENCES reconciliations (record_id, bank_account_id)
);
CREATE INDEX bank_matches_entry ON bank_matches (entry_id, seq);
CREATE INDEX bank_matches_reconciliation ON bank_matches (reconciliation_id, bank_account_id);
CREATE INDEX bank_matches_new ON bank_matches (bank_account_id) WHERE reconciliation_id IS NULL;

-- A statement is loaded once all of it is there, and taken back only as the last one, before anything rests on it.
CREATE TRIGGER bank_statements_begun BEFORE INSERT ON bank_statements
    WHEN NEW.loaded
    BEGIN SELECT RAISE(ABORT, 'ledger: statement'); END;
CREATE TRIGGER bank_statements_fixed BEFORE UPDATE OF id, agency_id, bank_account_id, seq, prev_seq, number, bank_seq, starts_on, ends_on, currency, opening, closing, lines, format, blob_hash, file_name, imported_by, imported_at ON bank_statements
    BEGIN SELECT RAISE(ABORT, 'immutable: bank_statements'); END;
CREATE TRIGGER bank_statements_loaded BEFORE UPDATE OF loaded ON bank_statements
    WHEN NEW.loaded AND NOT OLD.loaded AND NOT ((SELECT COUNT(*) FROM bank_lines k WHERE k.statement_id = NEW.id AND k.ordinal > 0) = NEW.lines
            AND NEW.opening + (SELECT COALESCE(SUM(CASE WHEN k.incoming THEN k.amount ELSE -k.amount END), 0)
                FROM bank_lines k WHERE k.statement_id = NEW.id AND k.ordinal > 0) = NEW.closing
            AND (NEW.seq > 1 OR (SELECT COALESCE(SUM(CASE WHEN k.incoming THEN k.amount ELSE -k.amount END), 0)
                FROM bank_lines k WHERE k.statement_id = NEW.id AND k.ordinal = 0) = NEW.opening))
    BEGIN SELECT RAISE(ABORT, 'ledger: statement'); END;
CREATE TRIGGER bank_statements_taken_back BEFORE UPDATE OF loaded ON bank_statements
    WHEN OLD.loaded AND NOT NEW.loaded AND (EXISTS (SELECT 1 FROM bank_statements s WHERE s.bank_account_id = OLD.bank_account_id AND s.seq > OLD.seq)
            OR EXISTS (SELECT 1 FROM bank_lines k WHERE k.statement_id = OLD.id AND k.matched > 0)
            OR EXISTS (SELECT 1 FROM reconciliations r WHERE r.bank_account_id = OLD.bank_account_id AND r.last_seq >= OLD.seq))
    BEGIN SELECT RAISE(ABORT, 'immutable: bank_statements'); END;
CREATE TRIGGER bank_statements_kept BEFORE DELETE ON bank_statements
    WHEN OLD.loaded
    BEGIN SELECT RAISE(ABORT, 'immutable: bank_statements'); END;
CREATE TRIGGER bank_lines_added BEFORE INSERT ON bank_lines
    WHEN EXISTS (SELECT 1 FROM bank_statements s WHERE s.id = NEW.statement_id AND s.loaded)
    BEGIN SELECT RAISE(ABORT, 'immutable: bank_lines'); END;
CREATE TRIGGER bank_lines_kept BEFORE DELETE ON bank_lines
    WHEN EXISTS (SELECT 1 FROM bank_statements s WHERE s.id = OLD.statement_id AND s.loaded)
    BEGIN SELECT RAISE(ABORT, 'immutable: bank_lines'); END;
CREATE TRIGGER bank_lines_fixed BEFORE UPDATE OF id, statement_id, bank_account_id, statement_seq, ordinal, occurrence, value_on, booked_on, incoming, amount, kind, reference, bank_reference, counterparty, counterparty_account, details, parts, reversal, fold ON bank_lines
    BEGIN SELECT RAISE(ABORT, 'immutable: bank_lines'); END;
-- What is matched of both sides is what the matches say, and nothing but they changes it.
CREATE TRIGGER bank_lines_counted BEFORE UPDATE OF matched ON bank_lines
    WHEN NEW.matched <> (SELECT COALESCE(SUM(m.amount), 0) FROM bank_matches m WHERE m.line_id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'ledger: matched'); END;
CREATE TRIGGER cleared_lines_counted BEFORE UPDATE ON cleared_lines
    WHEN OLD.entry_id <> NEW.entry_id OR OLD.seq <> NEW.seq OR OLD.amount <> NEW.amount
        OR NEW.cleared <> (SELECT COALESCE(SUM(m.amount), 0) FROM bank_matches m WHERE m.entry_id = NEW.entry_id AND m.seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'ledger: matched'); END;
CREATE TRIGGER cleared_lines_begun BEFORE INSERT ON cleared_lines
    WHEN NEW.cleared <> 0 OR NEW.amount <> (SELECT l.debit + l.credit FROM entry_lines l
        WHERE l.entry_id = NEW.entry_id AND l.seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'ledger: matched'); END;
CREATE TRIGGER cleared_lines_kept BEFORE DELETE ON cleared_lines
    BEGIN SELECT RAISE(ABORT, 'immutable: cleared_lines'); END;
-- A match joins a line of the bank with a posted line of its account, in its currency and its direction.
CREATE TRIGGER bank_matches_fit BEFORE INSERT ON bank_matches
    WHEN NEW.reconciliation_id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM bank_lines k JOIN bank_accounts b ON b.id = k.bank_account_id
            JOIN entry_lines l ON l.account_id = b.account_id AND l.currency = b.currency
            JOIN posted_entries p ON p.entry_id = l.entry_id
        WHERE k.id = NEW.line_id AND b.id = NEW.bank_account_id AND l.entry_id = NEW.entry_id AND l.seq = NEW.seq
            AND k.incoming = (l.debit > 0))
    BEGIN SELECT RAISE(ABORT, 'ledger: match'); END;
CREATE TRIGGER bank_matches_count AFTER INSERT ON bank_matches BEGIN
    INSERT INTO cleared_lines (entry_id, seq, amount, cleared)
        SELECT l.entry_id, l.seq, l.debit + l.credit, 0 FROM entry_lines l WHERE l.entry_id = NEW.entry_id AND l.seq = NEW.seq
            AND NOT EXISTS (SELECT 1 FROM cleared_lines c WHERE c.entry_id = NEW.entry_id AND c.seq = NEW.seq);
    UPDATE bank_lines SET matched = (SELECT COALESCE(SUM(m.amount), 0) FROM bank_matches m WHERE m.line_id = NEW.line_id) WHERE id = NEW.line_id;
    UPDATE cleared_lines SET cleared = (SELECT COALESCE(SUM(m.amount), 0) FROM bank_matches m WHERE m.entry_id = NEW.entry_id AND m.seq = NEW.seq) WHERE entry_id = NEW.entry_id AND seq = NEW.seq;
END;
CREATE TRIGGER bank_matches_uncount AFTER DELETE ON bank_matches BEGIN
    UPDATE bank_lines SET matched = (SELECT COALESCE(SUM(m.amount), 0) FROM bank_matches m WHERE m.line_id = OLD.line_id) WHERE id = OLD.line_id;
    UPDATE cleared_lines SET cleared = (SELECT COALESCE(SUM(m.amount), 0) FROM bank_matches m WHERE m.entry_id = OLD.entry_id AND m.seq = OLD.seq) WHERE entry_id = OLD.entry_id AND seq = OLD.seq;
END;
-- What a reconciliation that is submitted or approved rests on stays as it is.
CREATE TRIGGER bank_matches_fixed BEFORE UPDATE ON bank_matches
    WHEN OLD.id <> NEW.id OR OLD.bank_account_id <> NEW.bank_account_id OR OLD.line_id <> NEW.line_id OR OLD.entry_id <> NEW.entry_id
        OR OLD.seq <> NEW.seq OR OLD.amount <> NEW.amount OR OLD.rule <> NEW.rule OR OLD.why <> NEW.why
        OR OLD.matched_by <> NEW.matched_by OR OLD.matched_at <> NEW.matched_at
        OR EXISTS (SELECT 1 FROM reconciliations r WHERE r.record_id = OLD.reconciliation_id AND r.state <> 'draft')
        OR EXISTS (SELECT 1 FROM reconciliations r WHERE r.record_id = NEW.reconciliation_id AND r.state <> 'draft')
    BEGIN SELECT RAISE(ABORT, 'immutable: bank_matches'); END;
CREATE TRIGGER bank_matches_kept BEFORE DELETE ON bank_matches
    WHEN EXISTS (SELECT 1 FROM reconciliations r WHERE r.record_id = OLD.reconciliation_id AND r.state <> 'draft')
    BEGIN SELECT RAISE(ABORT, 'immutable: bank_matches'); END;
CREATE TRIGGER reconciliations_begun BEFORE INSERT ON reconciliations
    WHEN NEW.state <> 'draft' OR EXISTS (SELECT 1 FROM reconciliations r WHERE r.bank_account_id = NEW.bank_account_id AND r.record_id <> NEW.record_id
        AND r.state = 'approved' AND r.last_seq >= NEW.last_seq)
    BEGIN SELECT RAISE(ABORT, 'ledger: reconciliation'); END;
CREATE TRIGGER reconciliations_fixed BEFORE UPDATE ON reconciliations
    WHEN OLD.state = 'approved' OR OLD.record_id <> NEW.record_id OR OLD.agency_id <> NEW.agency_id OR OLD.bank_account_id <> NEW.bank_account_id
        OR (OLD.state = 'draft' AND NEW.state = 'approved')
        OR (OLD.state = 'submitted' AND NEW.state <> 'draft' AND (OLD.last_seq <> NEW.last_seq OR OLD.day <> NEW.day
            OR OLD.book_balance <> NEW.book_balance OR OLD.bank_balance <> NEW.bank_balance OR OLD.bank_only <> NEW.bank_only
            OR OLD.books_only <> NEW.books_only OR OLD.content <> NEW.content OR OLD.prepared_by <> NEW.prepared_by
            OR OLD.submitted_at <> NEW.submitted_at))
    BEGIN SELECT RAISE(ABORT, 'immutable: reconciliations'); END;
CREATE TRIGGER reconciliations_forward BEFORE UPDATE ON reconciliations
    WHEN EXISTS (SELECT 1 FROM reconciliations r WHERE r.bank_account_id = NEW.bank_account_id AND r.record_id <> NEW.record_id
        AND r.state = 'approved' AND r.last_seq >= NEW.last_seq)
    BEGIN SELECT RAISE(ABORT, 'ledger: reconciliation'); END;
CREATE TRIGGER reconciliations_kept BEFORE DELETE ON reconciliations
    BEGIN SELECT RAISE(ABORT, 'immutable: reconciliations'); END;
-- What has statements stays the account it is.
CREATE TRIGGER bank_accounts_used BEFORE UPDATE ON bank_accounts
    WHEN (OLD.account_id <> NEW.account_id OR OLD.currency <> NEW.currency) AND EXISTS (SELECT 1 FROM bank_statements s WHERE s.bank_account_id = OLD.id)
    BEGIN SELECT RAISE(ABORT, 'immutable: bank_accounts'); END;
