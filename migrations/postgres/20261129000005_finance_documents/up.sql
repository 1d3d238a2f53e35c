-- Documents of finance (المستندات المالية), drafts and posted ones, all kinds: the record has number, subject and state.
CREATE TABLE finance_documents (
    record_id BIGINT NOT NULL PRIMARY KEY REFERENCES records (id),
    agency_id BIGINT NOT NULL,
    year_id BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('budget_law', 'supplementary', 'virement', 'financial_order', 'release', 'freeze', 'commitment', 'payment_voucher', 'receipt', 'journal_voucher', 'advance', 'advance_settlement', 'deposit', 'deposit_refund', 'bank_notice')),
    effective_on DATE NOT NULL,
    complementary BOOLEAN NOT NULL,
    currency TEXT NOT NULL REFERENCES currencies (code),
    rate BIGINT NOT NULL CHECK (rate > 0),
    amount BIGINT NOT NULL CHECK (amount >= 0),
    base_amount BIGINT NOT NULL CHECK (base_amount >= 0),
    party_id BIGINT,
    counter_id BIGINT,
    source_id BIGINT,
    reference TEXT NOT NULL,
    reference_on DATE,
    invoice_key TEXT,
    method TEXT NOT NULL CHECK (method IN ('transfer', 'cheque', 'cash', 'none')),
    round INTEGER NOT NULL CHECK (round >= 0),
    to_settle BIGINT NOT NULL,
    to_pay BIGINT NOT NULL,
    entry_id BIGINT REFERENCES entries (id),
    posted_at TIMESTAMP,
    reverses_id BIGINT UNIQUE REFERENCES finance_documents (record_id),
    CHECK (to_settle BETWEEN 0 AND base_amount),
    CHECK (to_pay BETWEEN 0 AND base_amount),
    CHECK (entry_id IS NULL OR posted_at IS NOT NULL),
    CHECK (posted_at IS NOT NULL OR (to_settle = 0 AND to_pay = 0)),
    UNIQUE (record_id, agency_id),
    FOREIGN KEY (year_id, agency_id) REFERENCES fiscal_years (id, agency_id),
    FOREIGN KEY (party_id, agency_id) REFERENCES parties (id, agency_id),
    FOREIGN KEY (counter_id, agency_id) REFERENCES accounts (id, agency_id),
    FOREIGN KEY (source_id, agency_id) REFERENCES finance_documents (record_id, agency_id)
);
CREATE INDEX finance_documents_list ON finance_documents (agency_id, kind, record_id);
CREATE INDEX finance_documents_source ON finance_documents (source_id, agency_id);
CREATE INDEX finance_documents_party ON finance_documents (party_id, agency_id);
-- The same invoice of the same supplier is paid once.
CREATE UNIQUE INDEX finance_documents_invoice ON finance_documents (agency_id, party_id, invoice_key) WHERE invoice_key IS NOT NULL;

-- Their lines as they were entered: one side, in the currency of the document and in the base currency. Of a commitment
-- `open` is what may still be spent.
CREATE TABLE finance_lines (
    record_id BIGINT NOT NULL,
    seq INTEGER NOT NULL,
    agency_id BIGINT NOT NULL,
    account_id BIGINT,
    key_id BIGINT,
    party_id BIGINT,
    centre_id BIGINT,
    side TEXT NOT NULL CHECK (side IN ('debit', 'credit')),
    amount BIGINT NOT NULL CHECK (amount > 0),
    base_amount BIGINT NOT NULL CHECK (base_amount > 0),
    open BIGINT NOT NULL CHECK (open >= 0),
    note TEXT NOT NULL,
    CHECK (open <= base_amount),
    CHECK (account_id IS NOT NULL OR key_id IS NOT NULL),
    PRIMARY KEY (record_id, seq),
    FOREIGN KEY (record_id, agency_id) REFERENCES finance_documents (record_id, agency_id),
    FOREIGN KEY (account_id, agency_id) REFERENCES accounts (id, agency_id),
    FOREIGN KEY (key_id, agency_id) REFERENCES budget_keys (id, agency_id),
    FOREIGN KEY (party_id, agency_id) REFERENCES parties (id, agency_id),
    FOREIGN KEY (centre_id, agency_id) REFERENCES cost_centres (id, agency_id)
);
CREATE INDEX finance_lines_key ON finance_lines (key_id, agency_id);

-- What a commitment of several years takes from each later year (شرائح الالتزام).
CREATE TABLE commitment_slices (
    record_id BIGINT NOT NULL REFERENCES finance_documents (record_id),
    year INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
    amount BIGINT NOT NULL CHECK (amount > 0),
    PRIMARY KEY (record_id, year)
);

-- Who prepared, certified and authorised (أعدّه، دقّقه، آمر الصرف): other persons for each duty of a round. A document that is
-- returned begins a new round: what was approved has changed.
CREATE TABLE finance_approvals (
    record_id BIGINT NOT NULL REFERENCES finance_documents (record_id),
    round INTEGER NOT NULL CHECK (round > 0),
    duty TEXT NOT NULL CHECK (duty IN ('prepare', 'certify', 'authorise')),
    user_id BIGINT NOT NULL REFERENCES users (id),
    on_behalf_of BIGINT REFERENCES users (id),
    on_day DATE NOT NULL,
    done_at TIMESTAMP NOT NULL,
    PRIMARY KEY (record_id, round, duty, user_id),
    UNIQUE (record_id, round, user_id)
);

-- Money released to a budget line (الحوالات المالية) and used of it: payments and orders stay within the releases.
CREATE TABLE line_cash (
    line_id BIGINT NOT NULL PRIMARY KEY REFERENCES budget_lines (id),
    released BIGINT NOT NULL CHECK (released >= 0),
    used BIGINT NOT NULL CHECK (used >= 0),
    CHECK (used <= released)
);

CREATE FUNCTION diwan_finance_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'immutable: finance_documents' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.posted_at IS NOT NULL THEN
            RAISE EXCEPTION 'finance: approvals' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.posted_at IS NOT NULL AND (OLD.posted_at <> NEW.posted_at OR OLD.kind <> NEW.kind OR OLD.agency_id <> NEW.agency_id
        OR OLD.effective_on <> NEW.effective_on OR OLD.currency <> NEW.currency OR OLD.rate <> NEW.rate OR OLD.amount <> NEW.amount
        OR OLD.base_amount <> NEW.base_amount OR OLD.round <> NEW.round OR OLD.reference <> NEW.reference
        OR COALESCE(OLD.entry_id, 0) <> COALESCE(NEW.entry_id, 0) OR COALESCE(OLD.party_id, 0) <> COALESCE(NEW.party_id, 0)
        OR COALESCE(OLD.source_id, 0) <> COALESCE(NEW.source_id, 0) OR COALESCE(OLD.counter_id, 0) <> COALESCE(NEW.counter_id, 0)
        OR NEW.posted_at IS NULL) THEN
        RAISE EXCEPTION 'immutable: finance_documents' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.posted_at IS NULL AND NEW.posted_at IS NOT NULL AND (SELECT COUNT(DISTINCT a.duty) FROM finance_approvals a
        WHERE a.record_id = NEW.record_id AND a.round = NEW.round) < 3 THEN
        RAISE EXCEPTION 'finance: approvals' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER finance_documents_hold BEFORE INSERT OR UPDATE OR DELETE ON finance_documents FOR EACH ROW EXECUTE FUNCTION diwan_finance_document();

CREATE FUNCTION diwan_finance_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_record BIGINT := CASE WHEN TG_OP = 'DELETE' THEN OLD.record_id ELSE NEW.record_id END;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.record_id = NEW.record_id AND OLD.seq = NEW.seq AND OLD.side = NEW.side AND OLD.amount = NEW.amount AND OLD.base_amount = NEW.base_amount
        AND COALESCE(OLD.account_id, 0) = COALESCE(NEW.account_id, 0) AND COALESCE(OLD.key_id, 0) = COALESCE(NEW.key_id, 0)
        AND COALESCE(OLD.party_id, 0) = COALESCE(NEW.party_id, 0) AND COALESCE(OLD.centre_id, 0) = COALESCE(NEW.centre_id, 0) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT 1 FROM finance_documents d WHERE d.record_id = of_record AND d.posted_at IS NOT NULL) THEN
        RAISE EXCEPTION 'immutable: finance_lines' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER finance_lines_hold BEFORE INSERT OR UPDATE OR DELETE ON finance_lines FOR EACH ROW EXECUTE FUNCTION diwan_finance_line();

CREATE TRIGGER finance_approvals_fixed BEFORE UPDATE ON finance_approvals FOR EACH ROW EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER finance_approvals_kept BEFORE DELETE ON finance_approvals FOR EACH ROW EXECUTE FUNCTION diwan_refuse();
-- Who is paid approves nothing of it, and who authorises has a limit that covers the amount on the day.
CREATE FUNCTION diwan_finance_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.duty <> 'prepare' AND EXISTS (SELECT 1 FROM finance_documents d
        JOIN parties p ON p.id = d.party_id WHERE d.record_id = NEW.record_id AND p.user_id IN (NEW.user_id, NEW.on_behalf_of)) THEN
        RAISE EXCEPTION 'finance: payee' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.duty = 'authorise' AND NOT EXISTS (SELECT 1 FROM finance_documents d
        JOIN authority_limits l ON l.agency_id = d.agency_id AND l.user_id = COALESCE(NEW.on_behalf_of, NEW.user_id)
        WHERE d.record_id = NEW.record_id AND l.kind IN ('', d.kind) AND l.amount >= d.base_amount
            AND l.active_from <= NEW.on_day AND (l.active_to IS NULL OR l.active_to >= NEW.on_day)) THEN
        RAISE EXCEPTION 'finance: authority' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER finance_approvals_hold BEFORE INSERT ON finance_approvals FOR EACH ROW EXECUTE FUNCTION diwan_finance_approval();

-- The journal in the order of its days.
CREATE INDEX entries_day ON entries (agency_id, effective_on, id);
-- What counts only after a day, to take it off what stands in the lines.
CREATE INDEX budget_moves_day ON budget_moves (effective_on, line_id);
-- What comes into a line from outside and leaves it: law, supplements, virements, carrying, lapsing. Few among all moves.
CREATE INDEX budget_moves_outside ON budget_moves (line_id) WHERE source = 'outside' OR target = 'outside';
