-- Values of the parts of the budget key (عناصر التصنيف): trees of chapters, programmes, activities, funds, locations, items.
CREATE TABLE segments (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL REFERENCES agencies (id),
    kind TEXT NOT NULL CHECK (kind IN ('chapter', 'programme', 'activity', 'fund', 'location', 'item')),
    parent_id BIGINT,
    code TEXT NOT NULL,
    name_ar TEXT NOT NULL,
    name_en TEXT NOT NULL,
    posting BOOLEAN NOT NULL,
    gfsm TEXT NOT NULL,
    cofog TEXT NOT NULL,
    active_from DATE NOT NULL,
    active_to DATE,
    version BIGINT NOT NULL,
    CHECK (active_to IS NULL OR active_from <= active_to),
    UNIQUE (agency_id, kind, code),
    UNIQUE (id, agency_id, kind),
    FOREIGN KEY (parent_id, agency_id, kind) REFERENCES segments (id, agency_id, kind)
);
CREATE INDEX segments_parent ON segments (parent_id, agency_id, kind);

-- How deep each part of the key is controlled in a year: 0 not at all, else at this depth of its tree or at the value itself
-- where that stands higher.
CREATE TABLE control_levels (
    year_id BIGINT NOT NULL REFERENCES fiscal_years (id),
    kind TEXT NOT NULL CHECK (kind IN ('chapter', 'programme', 'activity', 'fund', 'location', 'item')),
    depth INTEGER NOT NULL CHECK (depth BETWEEN 0 AND 9),
    PRIMARY KEY (year_id, kind)
);

-- Budget lines (بنود الموازنة): where money is controlled, and how much of it is at which stage. A line is where its last
-- move left it: no statement changes a bucket without the move.
CREATE TABLE budget_lines (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL,
    year_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    seq BIGINT NOT NULL CHECK (seq >= 0),
    revised BIGINT NOT NULL,
    unallotted BIGINT NOT NULL CHECK (unallotted >= 0),
    frozen BIGINT NOT NULL CHECK (frozen >= 0),
    available BIGINT NOT NULL CHECK (available >= 0),
    pre_committed BIGINT NOT NULL CHECK (pre_committed >= 0),
    committed BIGINT NOT NULL CHECK (committed >= 0),
    obligated BIGINT NOT NULL CHECK (obligated >= 0),
    paid BIGINT NOT NULL CHECK (paid >= 0),
    CHECK (revised = unallotted + frozen + available + pre_committed + committed + obligated + paid),
    UNIQUE (year_id, code),
    UNIQUE (id, agency_id, year_id),
    FOREIGN KEY (year_id, agency_id) REFERENCES fiscal_years (id, agency_id),
    FOREIGN KEY (id, seq, unallotted, frozen, available, pre_committed, committed, obligated, paid)
        REFERENCES budget_moves (line_id, seq, after_unallotted, after_frozen, after_available, after_pre_committed, after_committed, after_obligated, after_paid) DEFERRABLE INITIALLY DEFERRED
);

-- Used combinations of the parts; lines of documents name them by one number. Each belongs to the budget line that controls it.
CREATE TABLE budget_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL,
    year_id BIGINT NOT NULL,
    line_id BIGINT NOT NULL,
    chapter_id BIGINT NOT NULL REFERENCES segments (id),
    programme_id BIGINT NOT NULL REFERENCES segments (id),
    activity_id BIGINT NOT NULL REFERENCES segments (id),
    fund_id BIGINT NOT NULL REFERENCES segments (id),
    location_id BIGINT NOT NULL REFERENCES segments (id),
    item_id BIGINT NOT NULL REFERENCES segments (id),
    code TEXT NOT NULL,
    gfsm TEXT NOT NULL CHECK (gfsm <> ''),
    cofog TEXT NOT NULL CHECK (cofog <> ''),
    UNIQUE (year_id, chapter_id, programme_id, activity_id, fund_id, location_id, item_id),
    UNIQUE (id, agency_id),
    UNIQUE (id, line_id),
    FOREIGN KEY (line_id, agency_id, year_id) REFERENCES budget_lines (id, agency_id, year_id)
);
CREATE INDEX budget_keys_line ON budget_keys (line_id, agency_id, year_id);
CREATE INDEX budget_keys_code ON budget_keys (year_id, code);

-- Entries of the general ledger (قيود الأستاذ العام). One that is not posted cannot be committed.
CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    agency_id BIGINT NOT NULL,
    period_id BIGINT NOT NULL,
    record_id BIGINT NOT NULL REFERENCES records (id),
    kind TEXT NOT NULL,
    effective_on DATE NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by BIGINT NOT NULL REFERENCES users (id),
    reverses_id BIGINT UNIQUE,
    UNIQUE (id, agency_id),
    FOREIGN KEY (period_id, agency_id) REFERENCES fiscal_periods (id, agency_id),
    FOREIGN KEY (reverses_id, agency_id) REFERENCES entries (id, agency_id),
    FOREIGN KEY (id) REFERENCES posted_entries (entry_id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX entries_record ON entries (record_id);
CREATE INDEX entries_period ON entries (period_id, recorded_at);

-- Their lines: one side each, in the currency and in the base currency of the agency, in minor units.
CREATE TABLE entry_lines (
    entry_id BIGINT NOT NULL,
    seq INTEGER NOT NULL,
    agency_id BIGINT NOT NULL,
    period_id BIGINT NOT NULL,
    effective_on DATE NOT NULL,
    account_id BIGINT NOT NULL,
    key_id BIGINT,
    party_id BIGINT,
    centre_id BIGINT,
    currency TEXT NOT NULL,
    debit BIGINT NOT NULL CHECK (debit >= 0),
    credit BIGINT NOT NULL CHECK (credit >= 0),
    base_debit BIGINT NOT NULL CHECK (base_debit >= 0),
    base_credit BIGINT NOT NULL CHECK (base_credit >= 0),
    note TEXT NOT NULL,
    CHECK ((debit = 0) <> (credit = 0)),
    CHECK ((debit = 0) = (base_debit = 0) AND (credit = 0) = (base_credit = 0)),
    PRIMARY KEY (entry_id, seq),
    FOREIGN KEY (entry_id, agency_id) REFERENCES entries (id, agency_id),
    FOREIGN KEY (account_id, agency_id) REFERENCES accounts (id, agency_id),
    FOREIGN KEY (key_id, agency_id) REFERENCES budget_keys (id, agency_id),
    FOREIGN KEY (party_id, agency_id) REFERENCES parties (id, agency_id),
    FOREIGN KEY (centre_id, agency_id) REFERENCES cost_centres (id, agency_id)
);
CREATE INDEX entry_lines_account ON entry_lines (account_id, effective_on, entry_id, seq);

-- That an entry is in the ledger (ترحيل). Writing this row is posting: the trigger below refuses what does not hold.
CREATE TABLE posted_entries (
    entry_id BIGINT NOT NULL PRIMARY KEY REFERENCES entries (id),
    lines INTEGER NOT NULL CHECK (lines >= 2),
    total BIGINT NOT NULL CHECK (total > 0)
);

-- Sums of the posted lines of a period for each combination of dimensions; 0 stands for none. Kept by the trigger of posting.
CREATE TABLE period_balances (
    period_id BIGINT NOT NULL REFERENCES fiscal_periods (id),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    key_id BIGINT NOT NULL,
    party_id BIGINT NOT NULL,
    centre_id BIGINT NOT NULL,
    currency TEXT NOT NULL,
    debit BIGINT NOT NULL,
    credit BIGINT NOT NULL,
    base_debit BIGINT NOT NULL,
    base_credit BIGINT NOT NULL,
    PRIMARY KEY (period_id, account_id, key_id, party_id, centre_id, currency)
);
CREATE INDEX period_balances_account ON period_balances (account_id, period_id);

-- Moves of the budget ledger (حركات سجل الموازنة): each takes an amount from one bucket of a line and gives it to another, or
-- brings it in from outside or out. The moves of a line are a chain: each begins where the one before it ended.
CREATE TABLE budget_moves (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    line_id BIGINT NOT NULL REFERENCES budget_lines (id),
    seq BIGINT NOT NULL,
    prev_seq BIGINT,
    kind TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('outside', 'unallotted', 'frozen', 'available', 'pre_committed', 'committed', 'obligated', 'paid')),
    target TEXT NOT NULL CHECK (target IN ('outside', 'unallotted', 'frozen', 'available', 'pre_committed', 'committed', 'obligated', 'paid')),
    amount BIGINT NOT NULL CHECK (amount >= 0),
    key_id BIGINT,
    record_id BIGINT REFERENCES records (id),
    entry_id BIGINT REFERENCES entries (id),
    effective_on DATE NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by BIGINT NOT NULL REFERENCES users (id),
    before_unallotted BIGINT NOT NULL CHECK (before_unallotted >= 0),
    before_frozen BIGINT NOT NULL CHECK (before_frozen >= 0),
    before_available BIGINT NOT NULL CHECK (before_available >= 0),
    before_pre_committed BIGINT NOT NULL CHECK (before_pre_committed >= 0),
    before_committed BIGINT NOT NULL CHECK (before_committed >= 0),
    before_obligated BIGINT NOT NULL CHECK (before_obligated >= 0),
    before_paid BIGINT NOT NULL CHECK (before_paid >= 0),
    after_unallotted BIGINT NOT NULL CHECK (after_unallotted >= 0),
    after_frozen BIGINT NOT NULL CHECK (after_frozen >= 0),
    after_available BIGINT NOT NULL CHECK (after_available >= 0),
    after_pre_committed BIGINT NOT NULL CHECK (after_pre_committed >= 0),
    after_committed BIGINT NOT NULL CHECK (after_committed >= 0),
    after_obligated BIGINT NOT NULL CHECK (after_obligated >= 0),
    after_paid BIGINT NOT NULL CHECK (after_paid >= 0),
    CHECK (after_unallotted = before_unallotted - (CASE source WHEN 'unallotted' THEN amount ELSE 0 END) + (CASE target WHEN 'unallotted' THEN amount ELSE 0 END)),
    CHECK (after_frozen = before_frozen - (CASE source WHEN 'frozen' THEN amount ELSE 0 END) + (CASE target WHEN 'frozen' THEN amount ELSE 0 END)),
    CHECK (after_available = before_available - (CASE source WHEN 'available' THEN amount ELSE 0 END) + (CASE target WHEN 'available' THEN amount ELSE 0 END)),
    CHECK (after_pre_committed = before_pre_committed - (CASE source WHEN 'pre_committed' THEN amount ELSE 0 END) + (CASE target WHEN 'pre_committed' THEN amount ELSE 0 END)),
    CHECK (after_committed = before_committed - (CASE source WHEN 'committed' THEN amount ELSE 0 END) + (CASE target WHEN 'committed' THEN amount ELSE 0 END)),
    CHECK (after_obligated = before_obligated - (CASE source WHEN 'obligated' THEN amount ELSE 0 END) + (CASE target WHEN 'obligated' THEN amount ELSE 0 END)),
    CHECK (after_paid = before_paid - (CASE source WHEN 'paid' THEN amount ELSE 0 END) + (CASE target WHEN 'paid' THEN amount ELSE 0 END)),
    CHECK ((seq = 0) = (prev_seq IS NULL)),
    CHECK (prev_seq IS NULL OR prev_seq = seq - 1),
    CHECK ((seq = 0) = (kind = 'begin')),
    CHECK ((seq = 0) = (amount = 0)),
    CHECK ((seq = 0) = (record_id IS NULL)),
    CHECK (seq > 0 OR before_unallotted + before_frozen + before_available + before_pre_committed + before_committed + before_obligated + before_paid = 0),
    CHECK (seq = 0 OR source <> target),
    CHECK (entry_id IS NULL OR key_id IS NOT NULL),
    CHECK ((source IN ('obligated', 'paid')) = (target IN ('obligated', 'paid')) OR entry_id IS NOT NULL),
    UNIQUE (line_id, seq, after_unallotted, after_frozen, after_available, after_pre_committed, after_committed, after_obligated, after_paid),
    UNIQUE (line_id, seq),
    FOREIGN KEY (key_id, line_id) REFERENCES budget_keys (id, line_id),
    FOREIGN KEY (line_id, prev_seq, before_unallotted, before_frozen, before_available, before_pre_committed, before_committed, before_obligated, before_paid)
        REFERENCES budget_moves (line_id, seq, after_unallotted, after_frozen, after_available, after_pre_committed, after_committed, after_obligated, after_paid)
);
CREATE INDEX budget_moves_record ON budget_moves (record_id);
CREATE INDEX budget_moves_entry ON budget_moves (entry_id);

-- What may be posted, whoever writes it: balanced in the base currency and in each currency, in a period that takes this kind,
-- on accounts that take these lines, mirrored where it is a reversal, and with the budget moves of what it spends.
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
    SELECT RAISE(ABORT, 'ledger: account') WHERE
        EXISTS (SELECT 1 FROM entry_lines l JOIN accounts a ON a.id = l.account_id
            WHERE l.entry_id = NEW.entry_id AND (NOT a.posting OR l.effective_on < a.active_from OR l.effective_on > a.active_to
                OR l.currency <> a.currency OR (a.budgeted AND l.key_id IS NULL)
                OR (a.needs_party AND l.party_id IS NULL) OR (a.needs_centre AND l.centre_id IS NULL)));
    SELECT RAISE(ABORT, 'ledger: reversal') WHERE
        EXISTS (SELECT 1 FROM entry_lines l JOIN entries e ON e.id = NEW.entry_id AND l.entry_id IN (e.id, e.reverses_id)
            WHERE e.reverses_id IS NOT NULL
            GROUP BY l.account_id, l.key_id, l.party_id, l.centre_id, l.currency
            HAVING SUM(l.debit) <> SUM(l.credit) OR SUM(l.base_debit) <> SUM(l.base_credit));
    SELECT RAISE(ABORT, 'ledger: budget') WHERE
        EXISTS (SELECT 1 FROM (
            SELECT l.key_id AS key_id, l.base_debit - l.base_credit AS amount
            FROM entry_lines l JOIN accounts a ON a.id = l.account_id WHERE l.entry_id = NEW.entry_id AND a.budgeted
            UNION ALL SELECT m.key_id, (CASE WHEN m.source IN ('obligated', 'paid') THEN m.amount ELSE 0 END)
                - (CASE WHEN m.target IN ('obligated', 'paid') THEN m.amount ELSE 0 END)
            FROM budget_moves m WHERE m.entry_id = NEW.entry_id) s GROUP BY s.key_id HAVING SUM(s.amount) <> 0);
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

-- What is posted stays as it was written, and nothing is added to it. Corrections are reversals.
CREATE TRIGGER entry_lines_closed BEFORE INSERT ON entry_lines
    WHEN EXISTS (SELECT 1 FROM posted_entries p WHERE p.entry_id = NEW.entry_id)
    BEGIN SELECT RAISE(ABORT, 'immutable: entry_lines'); END;
CREATE TRIGGER budget_moves_closed BEFORE INSERT ON budget_moves
    WHEN EXISTS (SELECT 1 FROM posted_entries p WHERE p.entry_id = NEW.entry_id)
    BEGIN SELECT RAISE(ABORT, 'immutable: budget_moves'); END;

-- The line is moved first, so that no move stands beyond it.
CREATE TRIGGER budget_moves_follow BEFORE INSERT ON budget_moves
    WHEN NEW.seq > (SELECT l.seq FROM budget_lines l WHERE l.id = NEW.line_id)
    BEGIN SELECT RAISE(ABORT, 'ledger: move'); END;

CREATE TRIGGER entries_fixed BEFORE UPDATE ON entries
    BEGIN SELECT RAISE(ABORT, 'immutable: entries'); END;
CREATE TRIGGER entries_kept BEFORE DELETE ON entries
    BEGIN SELECT RAISE(ABORT, 'immutable: entries'); END;
CREATE TRIGGER entry_lines_fixed BEFORE UPDATE ON entry_lines
    BEGIN SELECT RAISE(ABORT, 'immutable: entry_lines'); END;
CREATE TRIGGER entry_lines_kept BEFORE DELETE ON entry_lines
    BEGIN SELECT RAISE(ABORT, 'immutable: entry_lines'); END;
CREATE TRIGGER posted_entries_fixed BEFORE UPDATE ON posted_entries
    BEGIN SELECT RAISE(ABORT, 'immutable: posted_entries'); END;
CREATE TRIGGER posted_entries_kept BEFORE DELETE ON posted_entries
    BEGIN SELECT RAISE(ABORT, 'immutable: posted_entries'); END;
CREATE TRIGGER budget_moves_fixed BEFORE UPDATE ON budget_moves
    BEGIN SELECT RAISE(ABORT, 'immutable: budget_moves'); END;
CREATE TRIGGER budget_moves_kept BEFORE DELETE ON budget_moves
    BEGIN SELECT RAISE(ABORT, 'immutable: budget_moves'); END;
CREATE TRIGGER budget_keys_fixed BEFORE UPDATE ON budget_keys
    BEGIN SELECT RAISE(ABORT, 'immutable: budget_keys'); END;
CREATE TRIGGER budget_keys_kept BEFORE DELETE ON budget_keys
    BEGIN SELECT RAISE(ABORT, 'immutable: budget_keys'); END;
CREATE TRIGGER budget_lines_kept BEFORE DELETE ON budget_lines
    BEGIN SELECT RAISE(ABORT, 'immutable: budget_lines'); END;

-- A period goes forward only, or back to open under a reopening; what is sealed stays so. Its days are fixed.
CREATE TRIGGER fiscal_periods_forward BEFORE UPDATE ON fiscal_periods
    WHEN NOT ((OLD.state = NEW.state AND OLD.state <> 'sealed') OR (OLD.state = 'open' AND NEW.state IN ('soft_closed', 'closed')) OR (OLD.state = 'soft_closed' AND NEW.state = 'closed') OR (OLD.state = 'closed' AND NEW.state = 'sealed') OR (OLD.state IN ('closed', 'soft_closed') AND NEW.state = 'open' AND EXISTS (SELECT 1 FROM period_reopenings r WHERE r.period_id = OLD.id AND r.ended_at IS NULL)))
        OR OLD.year_id <> NEW.year_id OR OLD.number <> NEW.number OR OLD.starts_on <> NEW.starts_on OR OLD.ends_on <> NEW.ends_on
    BEGIN SELECT RAISE(ABORT, 'immutable: fiscal_periods'); END;
CREATE TRIGGER fiscal_periods_kept BEFORE DELETE ON fiscal_periods
    BEGIN SELECT RAISE(ABORT, 'immutable: fiscal_periods'); END;
CREATE TRIGGER period_reopenings_fixed BEFORE UPDATE ON period_reopenings WHEN OLD.ended_at IS NOT NULL OR OLD.reason <> NEW.reason OR OLD.opened_by <> NEW.opened_by OR OLD.opened_at <> NEW.opened_at OR OLD.until_at <> NEW.until_at
    BEGIN SELECT RAISE(ABORT, 'immutable: period_reopenings'); END;
CREATE TRIGGER period_reopenings_kept BEFORE DELETE ON period_reopenings
    BEGIN SELECT RAISE(ABORT, 'immutable: period_reopenings'); END;

-- An account that was posted to keeps its side and stays a leaf.
CREATE TRIGGER accounts_used BEFORE UPDATE ON accounts
    WHEN (OLD.side <> NEW.side OR OLD.posting <> NEW.posting OR OLD.budgeted <> NEW.budgeted) AND EXISTS (SELECT 1 FROM period_balances b WHERE b.account_id = OLD.id)
    BEGIN SELECT RAISE(ABORT, 'immutable: accounts'); END;
