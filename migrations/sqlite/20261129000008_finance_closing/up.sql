-- What an agency asks for before it closes a period (قواعد الإقفال), in force between days: sign-offs by people of a right, and
-- clearing accounts that are at zero. Without rules only earlier periods stop a close.
CREATE TABLE closing_rules (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    kind TEXT NOT NULL CHECK (kind IN ('sign_off', 'clearing')),
    code TEXT NOT NULL CHECK (code <> ''),
    name_ar TEXT NOT NULL,
    name_en TEXT NOT NULL,
    permission TEXT NOT NULL,
    other_person BOOLEAN NOT NULL,
    account_id BIGINT,
    active_from DATE NOT NULL,
    active_to DATE,
    version BIGINT NOT NULL,
    CHECK (active_to IS NULL OR active_from <= active_to),
    CHECK ((kind = 'clearing') = (account_id IS NOT NULL)),
    CHECK ((kind = 'sign_off') = (permission <> '')),
    UNIQUE (id, agency_id),
    FOREIGN KEY (account_id, agency_id) REFERENCES accounts (id, agency_id)
);
CREATE INDEX closing_rules_list ON closing_rules (agency_id, kind, code);
CREATE INDEX closing_rules_account ON closing_rules (account_id, agency_id);

-- Sign-offs (إقرارات الإقفال): who signed what, and how many entries and reopenings the period had then. One that was followed by
-- an entry or a reopening counts no more; it stays as it was written.
CREATE TABLE period_sign_offs (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    period_id BIGINT NOT NULL,
    agency_id BIGINT NOT NULL,
    rule_id BIGINT NOT NULL,
    entries BIGINT NOT NULL CHECK (entries >= 0),
    reopenings BIGINT NOT NULL CHECK (reopenings >= 0),
    note TEXT NOT NULL,
    signed_by BIGINT NOT NULL REFERENCES users (id),
    signed_at TIMESTAMP NOT NULL,
    UNIQUE (period_id, rule_id, entries, reopenings),
    FOREIGN KEY (period_id, agency_id) REFERENCES fiscal_periods (id, agency_id),
    FOREIGN KEY (rule_id, agency_id) REFERENCES closing_rules (id, agency_id)
);
CREATE INDEX period_sign_offs_rule ON period_sign_offs (rule_id, agency_id);

-- Warnings that somebody accepted as they were, and why.
CREATE TABLE period_acceptances (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    period_id BIGINT NOT NULL,
    agency_id BIGINT NOT NULL,
    finding TEXT NOT NULL CHECK (finding IN ('advances', 'clearing')),
    count BIGINT NOT NULL CHECK (count > 0),
    amount BIGINT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    accepted_by BIGINT NOT NULL REFERENCES users (id),
    accepted_at TIMESTAMP NOT NULL,
    UNIQUE (period_id, finding, count, amount),
    FOREIGN KEY (period_id, agency_id) REFERENCES fiscal_periods (id, agency_id)
);

-- Seals of periods (ختم الفترات): the root over all that is in the book of the period, and over the root of the period sealed
-- before it. `statement` is the line that the agency's key signed; the book itself is the file of `blob_hash`.
CREATE TABLE period_seals (
    period_id BIGINT NOT NULL PRIMARY KEY,
    agency_id BIGINT NOT NULL,
    seq BIGINT NOT NULL CHECK (seq > 0),
    prev_seq BIGINT,
    prev_root TEXT,
    root TEXT NOT NULL CHECK (length(root) = 64),
    entries BIGINT NOT NULL CHECK (entries >= 0),
    statement TEXT NOT NULL CHECK (statement <> ''),
    key_id BIGINT NOT NULL REFERENCES agency_keys (id),
    signature TEXT NOT NULL CHECK (signature <> ''),
    blob_hash TEXT NOT NULL REFERENCES blobs (hash),
    sealed_by BIGINT NOT NULL REFERENCES users (id),
    sealed_at TIMESTAMP NOT NULL,
    CHECK ((seq = 1) = (prev_seq IS NULL)),
    CHECK (prev_seq IS NULL OR prev_seq = seq - 1),
    CHECK ((prev_seq IS NULL) = (prev_root IS NULL)),
    UNIQUE (agency_id, seq),
    UNIQUE (agency_id, seq, root),
    FOREIGN KEY (period_id, agency_id) REFERENCES fiscal_periods (id, agency_id),
    FOREIGN KEY (agency_id, prev_seq, prev_root) REFERENCES period_seals (agency_id, seq, root)
);
CREATE INDEX period_seals_blob ON period_seals (blob_hash);
CREATE INDEX period_seals_key ON period_seals (key_id);

-- The end of a fiscal year (إقفال السنة): one row a year, prepared by one person and confirmed by another.
CREATE TABLE year_ends (
    year_id BIGINT NOT NULL PRIMARY KEY,
    agency_id BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'prepared', 'ended')),
    surplus_account_id BIGINT NOT NULL,
    surplus BIGINT,
    open_amount BIGINT,
    prepared_by BIGINT REFERENCES users (id),
    prepared_at TIMESTAMP,
    confirmed_by BIGINT REFERENCES users (id),
    confirmed_at TIMESTAMP,
    record_id BIGINT UNIQUE REFERENCES records (id),
    version BIGINT NOT NULL,
    CHECK ((state = 'draft') = (prepared_by IS NULL)),
    CHECK ((prepared_by IS NULL) = (prepared_at IS NULL)),
    CHECK ((prepared_by IS NULL) = (surplus IS NULL)),
    CHECK ((prepared_by IS NULL) = (open_amount IS NULL)),
    CHECK (prepared_by IS NOT NULL OR confirmed_by IS NULL),
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
    CHECK ((confirmed_by IS NULL) = (record_id IS NULL)),
    CHECK (state <> 'ended' OR confirmed_by IS NOT NULL),
    CHECK (confirmed_by <> prepared_by),
    FOREIGN KEY (year_id, agency_id) REFERENCES fiscal_years (id, agency_id),
    FOREIGN KEY (surplus_account_id, agency_id) REFERENCES accounts (id, agency_id)
);
CREATE INDEX year_ends_account ON year_ends (surplus_account_id, agency_id);

-- What becomes of each commitment that is open at the end of its year: carried forward or lapsed, by whose decision, and once the
-- year is ended how much it was and which commitment of the next year it is.
CREATE TABLE year_end_commitments (
    record_id BIGINT NOT NULL PRIMARY KEY,
    year_id BIGINT NOT NULL REFERENCES year_ends (year_id),
    agency_id BIGINT NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('carry', 'lapse')),
    reason TEXT NOT NULL CHECK (reason <> ''),
    decided_by BIGINT NOT NULL REFERENCES users (id),
    decided_at TIMESTAMP NOT NULL,
    amount BIGINT CHECK (amount > 0),
    carried_id BIGINT UNIQUE REFERENCES finance_documents (record_id),
    CHECK (carried_id IS NULL OR (decision = 'carry' AND amount IS NOT NULL)),
    FOREIGN KEY (record_id, agency_id) REFERENCES finance_documents (record_id, agency_id)
);
CREATE INDEX year_end_commitments_year ON year_end_commitments (year_id, record_id);

-- The balances with which the year after an ended one opens (الأرصدة الافتتاحية): net, on one side, for each combination of
-- dimensions; 0 stands for none.
CREATE TABLE opening_balances (
    year_id BIGINT NOT NULL REFERENCES year_ends (year_id),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    key_id BIGINT NOT NULL,
    party_id BIGINT NOT NULL,
    centre_id BIGINT NOT NULL,
    currency TEXT NOT NULL,
    debit BIGINT NOT NULL CHECK (debit >= 0),
    credit BIGINT NOT NULL CHECK (credit >= 0),
    base_debit BIGINT NOT NULL CHECK (base_debit >= 0),
    base_credit BIGINT NOT NULL CHECK (base_credit >= 0),
    CHECK (debit = 0 OR credit = 0),
    CHECK (base_debit = 0 OR base_credit = 0),
    PRIMARY KEY (year_id, account_id, key_id, party_id, centre_id, currency)
);
CREATE INDEX opening_balances_account ON opening_balances (account_id, year_id);
-- What is not posted yet, by its day: few among all documents.
CREATE INDEX finance_documents_unposted ON finance_documents (agency_id, effective_on) WHERE posted_at IS NULL;

-- A sign-off is of the period as it is, and where a rule asks for another person it is one.
CREATE TRIGGER period_sign_offs_hold BEFORE INSERT ON period_sign_offs BEGIN
    SELECT RAISE(ABORT, 'ledger: sign-off') WHERE NEW.entries <> (SELECT COUNT(*) FROM entries e WHERE e.period_id = NEW.period_id)
        OR NEW.reopenings <> (SELECT COUNT(*) FROM period_reopenings o WHERE o.period_id = NEW.period_id)
        OR NOT EXISTS (SELECT 1 FROM closing_rules c WHERE c.id = NEW.rule_id AND c.kind = 'sign_off');
    SELECT RAISE(ABORT, 'ledger: person') WHERE EXISTS (SELECT 1 FROM period_sign_offs s JOIN closing_rules own ON own.id = NEW.rule_id JOIN closing_rules c ON c.id = s.rule_id
        WHERE s.period_id = NEW.period_id AND s.entries = NEW.entries AND s.reopenings = NEW.reopenings AND s.signed_by = NEW.signed_by
            AND s.rule_id <> NEW.rule_id AND (own.other_person OR c.other_person));
END;
CREATE TRIGGER period_sign_offs_fixed BEFORE UPDATE ON period_sign_offs
    BEGIN SELECT RAISE(ABORT, 'immutable: period_sign_offs'); END;
CREATE TRIGGER period_sign_offs_kept BEFORE DELETE ON period_sign_offs
    BEGIN SELECT RAISE(ABORT, 'immutable: period_sign_offs'); END;
CREATE TRIGGER period_acceptances_fixed BEFORE UPDATE ON period_acceptances
    BEGIN SELECT RAISE(ABORT, 'immutable: period_acceptances'); END;
CREATE TRIGGER period_acceptances_kept BEFORE DELETE ON period_acceptances
    BEGIN SELECT RAISE(ABORT, 'immutable: period_acceptances'); END;
-- Closed periods are sealed, in their order, with all their entries.
CREATE TRIGGER period_seals_hold BEFORE INSERT ON period_seals BEGIN
    SELECT RAISE(ABORT, 'ledger: seal') WHERE NOT EXISTS (SELECT 1 FROM fiscal_periods p WHERE p.id = NEW.period_id AND p.state = 'closed')
        OR EXISTS (SELECT 1 FROM fiscal_periods p JOIN fiscal_periods q ON q.agency_id = p.agency_id
            AND (q.ends_on < p.ends_on OR (q.ends_on = p.ends_on AND q.number < p.number))
            WHERE p.id = NEW.period_id AND q.state <> 'sealed')
        OR NEW.entries <> (SELECT COUNT(*) FROM entries e WHERE e.period_id = NEW.period_id);
END;
CREATE TRIGGER period_seals_fixed BEFORE UPDATE ON period_seals
    BEGIN SELECT RAISE(ABORT, 'immutable: period_seals'); END;
CREATE TRIGGER period_seals_kept BEFORE DELETE ON period_seals
    BEGIN SELECT RAISE(ABORT, 'immutable: period_seals'); END;
-- Sealed is what has its seal; what belongs to an ended year is opened no more.
CREATE TRIGGER fiscal_periods_sealed BEFORE UPDATE ON fiscal_periods BEGIN
    SELECT RAISE(ABORT, 'immutable: fiscal_periods') WHERE NEW.state = 'sealed' AND OLD.state <> 'sealed'
        AND NOT EXISTS (SELECT 1 FROM period_seals s WHERE s.period_id = NEW.id AND s.root = NEW.root);
END;
CREATE TRIGGER fiscal_periods_ended BEFORE UPDATE ON fiscal_periods BEGIN
    SELECT RAISE(ABORT, 'immutable: fiscal_periods') WHERE NEW.state = 'open' AND OLD.state <> 'open'
        AND EXISTS (SELECT 1 FROM year_ends y WHERE y.year_id = NEW.year_id AND y.state = 'ended');
END;
-- Of an ended year only what is owed still moves.
CREATE TRIGGER budget_moves_ended BEFORE INSERT ON budget_moves BEGIN
    SELECT RAISE(ABORT, 'ledger: year') WHERE NEW.kind <> 'begin' AND NEW.source NOT IN ('obligated', 'paid')
        AND EXISTS (SELECT 1 FROM budget_lines b JOIN year_ends y ON y.year_id = b.year_id WHERE b.id = NEW.line_id AND y.state = 'ended');
END;
-- A year ends by steps, and ended means: every period closed, nothing left on accounts of flows, the next year opens with what
-- was there, and the budget holds nothing but what is owed and paid.
CREATE TRIGGER year_ends_begun BEFORE INSERT ON year_ends BEGIN
    SELECT RAISE(ABORT, 'ledger: year end') WHERE NEW.state <> 'draft' OR NEW.confirmed_by IS NOT NULL;
END;
CREATE TRIGGER year_ends_hold BEFORE UPDATE ON year_ends BEGIN
    SELECT RAISE(ABORT, 'immutable: year_ends') WHERE OLD.state = 'ended' OR OLD.year_id <> NEW.year_id OR OLD.agency_id <> NEW.agency_id
        OR (OLD.confirmed_by IS NOT NULL AND (NEW.state = 'draft' OR NEW.confirmed_by IS NULL OR OLD.confirmed_by <> NEW.confirmed_by
            OR OLD.record_id <> NEW.record_id OR OLD.prepared_by <> NEW.prepared_by OR OLD.surplus_account_id <> NEW.surplus_account_id))
        OR (OLD.state = 'draft' AND NEW.state = 'ended');
    SELECT RAISE(ABORT, 'ledger: year end') WHERE NEW.state = 'ended' AND (EXISTS (SELECT 1 FROM fiscal_periods p WHERE p.year_id = NEW.year_id AND p.state NOT IN ('closed', 'sealed'))
        OR EXISTS (SELECT 1 FROM fiscal_periods p JOIN period_balances b ON b.period_id = p.id JOIN accounts a ON a.id = b.account_id
            WHERE p.year_id = NEW.year_id AND a.gfsm NOT LIKE '3%' AND a.gfsm NOT LIKE '6%'
            GROUP BY b.account_id, b.key_id, b.party_id, b.centre_id, b.currency
            HAVING SUM(b.debit - b.credit) <> 0 OR SUM(b.base_debit - b.base_credit) <> 0)
        OR EXISTS (SELECT 1 FROM (
            SELECT o.account_id, o.currency, o.debit - o.credit AS net, o.base_debit - o.base_credit AS base
            FROM opening_balances o WHERE o.year_id = NEW.year_id
            UNION ALL SELECT o.account_id, o.currency, o.credit - o.debit, o.base_credit - o.base_debit
            FROM opening_balances o WHERE o.year_id = (SELECT y.year_id FROM year_ends y JOIN fiscal_years f ON f.id = y.year_id
                JOIN fiscal_years own ON own.id = NEW.year_id
                WHERE y.agency_id = NEW.agency_id AND y.state = 'ended' AND f.year < own.year ORDER BY f.year DESC LIMIT 1)
            UNION ALL SELECT b.account_id, b.currency, b.credit - b.debit, b.base_credit - b.base_debit
            FROM fiscal_periods p JOIN period_balances b ON b.period_id = p.id WHERE p.year_id = NEW.year_id) s
            GROUP BY s.account_id, s.currency HAVING SUM(s.net) <> 0 OR SUM(s.base) <> 0)
        OR EXISTS (SELECT 1 FROM budget_lines b WHERE b.year_id = NEW.year_id
            AND b.unallotted + b.frozen + b.available + b.pre_committed + b.committed > 0));
END;
CREATE TRIGGER year_ends_kept BEFORE DELETE ON year_ends
    BEGIN SELECT RAISE(ABORT, 'immutable: year_ends'); END;
CREATE TRIGGER year_end_commitments_added BEFORE INSERT ON year_end_commitments BEGIN
    SELECT RAISE(ABORT, 'immutable: year_end_commitments') WHERE NEW.amount IS NOT NULL OR NEW.carried_id IS NOT NULL
        OR NOT EXISTS (SELECT 1 FROM year_ends y WHERE y.year_id = NEW.year_id AND y.state = 'draft');
END;
CREATE TRIGGER year_end_commitments_fixed BEFORE UPDATE ON year_end_commitments BEGIN
    SELECT RAISE(ABORT, 'immutable: year_end_commitments') WHERE EXISTS (SELECT 1 FROM year_ends y WHERE y.year_id = OLD.year_id AND y.state = 'ended')
        OR OLD.record_id <> NEW.record_id OR OLD.year_id <> NEW.year_id OR OLD.agency_id <> NEW.agency_id
        OR (EXISTS (SELECT 1 FROM year_ends y WHERE y.year_id = OLD.year_id AND y.state = 'prepared')
            AND (OLD.decision <> NEW.decision OR OLD.reason <> NEW.reason OR OLD.decided_by <> NEW.decided_by OR OLD.decided_at <> NEW.decided_at))
        OR (OLD.amount IS NOT NULL AND (NEW.amount IS NULL OR OLD.amount <> NEW.amount))
        OR (OLD.carried_id IS NOT NULL AND (NEW.carried_id IS NULL OR OLD.carried_id <> NEW.carried_id))
        OR ((NEW.amount IS NOT NULL OR NEW.carried_id IS NOT NULL)
            AND NOT EXISTS (SELECT 1 FROM year_ends y WHERE y.year_id = NEW.year_id AND y.confirmed_by IS NOT NULL));
END;
CREATE TRIGGER year_end_commitments_kept BEFORE DELETE ON year_end_commitments BEGIN
    SELECT RAISE(ABORT, 'immutable: year_end_commitments') WHERE NOT EXISTS (SELECT 1 FROM year_ends y WHERE y.year_id = OLD.year_id AND y.state = 'draft');
END;
CREATE TRIGGER opening_balances_added BEFORE INSERT ON opening_balances BEGIN
    SELECT RAISE(ABORT, 'immutable: opening_balances') WHERE NOT EXISTS (SELECT 1 FROM year_ends y WHERE y.year_id = NEW.year_id AND y.state = 'prepared' AND y.confirmed_by IS NOT NULL);
END;
CREATE TRIGGER opening_balances_fixed BEFORE UPDATE ON opening_balances
    BEGIN SELECT RAISE(ABORT, 'immutable: opening_balances'); END;
CREATE TRIGGER opening_balances_kept BEFORE DELETE ON opening_balances
    BEGIN SELECT RAISE(ABORT, 'immutable: opening_balances'); END;
-- What was posted was approved before.
CREATE TRIGGER finance_approvals_closed BEFORE INSERT ON finance_approvals BEGIN
    SELECT RAISE(ABORT, 'immutable: finance_approvals') WHERE EXISTS (SELECT 1 FROM finance_documents d WHERE d.record_id = NEW.record_id AND d.posted_at IS NOT NULL);
END;
-- A commitment carried forward and the voucher of a year's end are posted by those who prepared and confirmed the end of the year.
DROP TRIGGER finance_documents_approved;
CREATE TRIGGER finance_documents_approved BEFORE UPDATE ON finance_documents
    WHEN OLD.posted_at IS NULL AND NEW.posted_at IS NOT NULL AND (SELECT COUNT(DISTINCT a.duty) FROM finance_approvals a
        WHERE a.record_id = NEW.record_id AND a.round = NEW.round) < 3
        AND NOT EXISTS (SELECT 1 FROM year_ends y WHERE y.record_id = NEW.record_id AND y.state = 'prepared')
        AND NOT EXISTS (SELECT 1 FROM year_end_commitments c JOIN year_ends y ON y.year_id = c.year_id
            WHERE c.carried_id = NEW.record_id AND y.state = 'prepared' AND y.confirmed_by IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'finance: approvals'); END;
-- The closing entry of a year takes each account of flows to exactly nothing, in the complementary period; it spends no budget.
DROP TRIGGER posted_entries_hold;
CREATE TRIGGER posted_entries_hold BEFORE INSERT ON posted_entries BEGIN
    SELECT RAISE(ABORT, 'ledger: unbalanced') WHERE
        (SELECT COUNT(*) FROM entry_lines WHERE entry_id = NEW.entry_id) <> NEW.lines
        OR (SELECT SUM(base_debit) FROM entry_lines WHERE entry_id = NEW.entry_id) <> NEW.total
        OR (SELECT SUM(base_credit) FROM entry_lines WHERE entry_id = NEW.entry_id) <> NEW.total
        OR EXISTS (SELECT 1 FROM entry_lines WHERE entry_id = NEW.entry_id GROUP BY currency HAVING SUM(debit) <> SUM(credit));
    SELECT RAISE(ABORT, 'ledger: period') WHERE
        NOT EXISTS (SELECT 1 FROM entries e JOIN fiscal_periods p ON p.id = e.period_id
            WHERE e.id = NEW.entry_id AND e.effective_on BETWEEN p.starts_on AND p.ends_on
            AND (p.state = 'open' OR (p.state = 'soft_closed' AND e.kind = 'journal_voucher'))
            AND NOT EXISTS (SELECT 1 FROM period_kinds k WHERE k.period_id = p.id AND k.kind = e.kind));
    SELECT RAISE(ABORT, 'ledger: lines') WHERE
        EXISTS (SELECT 1 FROM entry_lines l JOIN entries e ON e.id = l.entry_id
            WHERE e.id = NEW.entry_id AND (l.period_id <> e.period_id OR l.effective_on <> e.effective_on));
    SELECT RAISE(ABORT, 'ledger: account') WHERE NOT EXISTS (SELECT 1 FROM entries e JOIN year_ends y ON y.record_id = e.record_id WHERE e.id = NEW.entry_id)
        AND EXISTS (SELECT 1 FROM entry_lines l JOIN accounts a ON a.id = l.account_id
            WHERE l.entry_id = NEW.entry_id AND (NOT a.posting OR l.effective_on < a.active_from OR l.effective_on > a.active_to
                OR l.currency <> a.currency OR (a.budgeted AND l.key_id IS NULL)
                OR (a.needs_party AND l.party_id IS NULL) OR (a.needs_centre AND l.centre_id IS NULL)));
    SELECT RAISE(ABORT, 'ledger: reversal') WHERE
        EXISTS (SELECT 1 FROM entry_lines l JOIN entries e ON e.id = NEW.entry_id AND l.entry_id IN (e.id, e.reverses_id)
            WHERE e.reverses_id IS NOT NULL
            GROUP BY l.account_id, l.key_id, l.party_id, l.centre_id, l.currency
            HAVING SUM(l.debit) <> SUM(l.credit) OR SUM(l.base_debit) <> SUM(l.base_credit));
    SELECT RAISE(ABORT, 'ledger: budget') WHERE NOT EXISTS (SELECT 1 FROM entries e JOIN year_ends y ON y.record_id = e.record_id WHERE e.id = NEW.entry_id)
        AND EXISTS (SELECT 1 FROM (
            SELECT l.key_id AS key_id, l.base_debit - l.base_credit AS amount
            FROM entry_lines l JOIN accounts a ON a.id = l.account_id WHERE l.entry_id = NEW.entry_id AND a.budgeted
            UNION ALL SELECT m.key_id, (CASE WHEN m.source IN ('obligated', 'paid') THEN m.amount ELSE 0 END)
                - (CASE WHEN m.target IN ('obligated', 'paid') THEN m.amount ELSE 0 END)
            FROM budget_moves m WHERE m.entry_id = NEW.entry_id) s GROUP BY s.key_id HAVING SUM(s.amount) <> 0);
    SELECT RAISE(ABORT, 'ledger: reversal') WHERE EXISTS (SELECT 1 FROM entries e JOIN entries o ON o.id = e.reverses_id JOIN year_ends y ON y.record_id = o.record_id
            WHERE e.id = NEW.entry_id);
    SELECT RAISE(ABORT, 'ledger: year end') WHERE EXISTS (SELECT 1 FROM entries e JOIN year_ends y ON y.record_id = e.record_id WHERE e.id = NEW.entry_id) AND (
        NOT EXISTS (SELECT 1 FROM entries e JOIN year_ends y ON y.record_id = e.record_id JOIN fiscal_periods p ON p.id = e.period_id
            WHERE e.id = NEW.entry_id AND y.state = 'prepared' AND p.year_id = y.year_id AND p.number = 13 AND e.reverses_id IS NULL)
        OR EXISTS (SELECT 1 FROM budget_moves m WHERE m.entry_id = NEW.entry_id)
        OR EXISTS (SELECT 1 FROM entry_lines l JOIN accounts a ON a.id = l.account_id
            WHERE l.entry_id = NEW.entry_id AND (NOT a.posting OR (NOT (a.gfsm NOT LIKE '3%' AND a.gfsm NOT LIKE '6%')
                AND NOT EXISTS (SELECT 1 FROM entries e JOIN year_ends y ON y.record_id = e.record_id
                    WHERE e.id = l.entry_id AND y.surplus_account_id = l.account_id))))
        OR EXISTS (SELECT 1 FROM (
            SELECT l.account_id, COALESCE(l.key_id, 0) AS key_id, COALESCE(l.party_id, 0) AS party_id,
                COALESCE(l.centre_id, 0) AS centre_id, l.currency, SUM(l.debit - l.credit) AS net, SUM(l.base_debit - l.base_credit) AS base
            FROM entry_lines l JOIN accounts a ON a.id = l.account_id WHERE l.entry_id = NEW.entry_id AND a.gfsm NOT LIKE '3%' AND a.gfsm NOT LIKE '6%'
            GROUP BY 1, 2, 3, 4, 5) s
            WHERE s.net + (SELECT COALESCE(SUM(b.debit - b.credit), 0) FROM entries e JOIN fiscal_periods own ON own.id = e.period_id
                JOIN fiscal_periods p ON p.year_id = own.year_id JOIN period_balances b ON b.period_id = p.id
                WHERE e.id = NEW.entry_id AND b.account_id = s.account_id AND b.key_id = s.key_id AND b.party_id = s.party_id
                    AND b.centre_id = s.centre_id AND b.currency = s.currency) <> 0
            OR s.base + (SELECT COALESCE(SUM(b.base_debit - b.base_credit), 0) FROM entries e JOIN fiscal_periods own ON own.id = e.period_id
                JOIN fiscal_periods p ON p.year_id = own.year_id JOIN period_balances b ON b.period_id = p.id
                WHERE e.id = NEW.entry_id AND b.account_id = s.account_id AND b.key_id = s.key_id AND b.party_id = s.party_id
                    AND b.centre_id = s.centre_id AND b.currency = s.currency) <> 0));
    INSERT INTO period_balances
        SELECT period_id, account_id, COALESCE(key_id, 0), COALESCE(party_id, 0), COALESCE(centre_id, 0), currency,
            SUM(debit), SUM(credit), SUM(base_debit), SUM(base_credit)
        FROM entry_lines WHERE entry_id = NEW.entry_id
        GROUP BY period_id, account_id, COALESCE(key_id, 0), COALESCE(party_id, 0), COALESCE(centre_id, 0), currency
        ORDER BY 1, 2, 3, 4, 5, 6
        ON CONFLICT (period_id, account_id, key_id, party_id, centre_id, currency) DO UPDATE SET
            debit = period_balances.debit + excluded.debit, credit = period_balances.credit + excluded.credit,
            base_debit = period_balances.base_debit + excluded.base_debit,
            base_credit = period_balances.base_credit + excluded.base_credit;
END;
