-- The same invoice of the same supplier is paid once a year: suppliers begin their numbers anew.
DROP INDEX finance_documents_invoice;
CREATE UNIQUE INDEX finance_documents_invoice ON finance_documents
    (agency_id, party_id, invoice_key, (EXTRACT(YEAR FROM COALESCE(reference_on, effective_on)))) WHERE invoice_key IS NOT NULL;

-- What single kinds of documents say besides (بيانات خاصة بنوع المستند): a row where anything is said. It is fixed with its
-- document.
CREATE TABLE finance_details (
    record_id BIGINT NOT NULL PRIMARY KEY,
    agency_id BIGINT NOT NULL,
    purchase_order TEXT NOT NULL,
    goods_receipt TEXT NOT NULL,
    requester TEXT NOT NULL,
    received_as TEXT CHECK (received_as IN ('cash', 'cheque', 'transfer', 'card')),
    cheque_bank TEXT NOT NULL,
    cheque_no TEXT NOT NULL,
    cheque_on DATE,
    reason TEXT CHECK (reason IN ('correction', 'reclassification', 'settlement', 'accrual', 'other')),
    reverse_on DATE,
    advance_kind TEXT CHECK (advance_kind IN ('temporary', 'permanent')),
    guarantor_id BIGINT,
    legal_article TEXT NOT NULL,
    proof TEXT NOT NULL,
    CHECK (COALESCE(received_as, '') = 'cheque' OR (cheque_bank = '' AND cheque_no = '' AND cheque_on IS NULL)),
    FOREIGN KEY (record_id, agency_id) REFERENCES finance_documents (record_id, agency_id),
    FOREIGN KEY (guarantor_id, agency_id) REFERENCES parties (id, agency_id)
);
CREATE INDEX finance_details_guarantor ON finance_details (guarantor_id, agency_id);
CREATE INDEX finance_details_reverse ON finance_details (reverse_on) WHERE reverse_on IS NOT NULL;
CREATE FUNCTION diwan_finance_detail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP <> 'INSERT' AND EXISTS (SELECT 1 FROM finance_documents d WHERE d.record_id = OLD.record_id AND d.posted_at IS NOT NULL))
        OR (TG_OP <> 'DELETE' AND EXISTS (SELECT 1 FROM finance_documents d WHERE d.record_id = NEW.record_id AND d.posted_at IS NOT NULL)) THEN
        RAISE EXCEPTION 'immutable: finance_details' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER finance_details_hold BEFORE INSERT OR UPDATE OR DELETE ON finance_details FOR EACH ROW EXECUTE FUNCTION diwan_finance_detail();

-- What became of journal vouchers that take themselves back on a day (العكس التلقائي): the draft that was made, once; or why it
-- could not be made yet.
CREATE TABLE finance_auto_reversals (
    record_id BIGINT NOT NULL PRIMARY KEY REFERENCES finance_documents (record_id),
    reversal_id BIGINT UNIQUE REFERENCES finance_documents (record_id),
    problem TEXT NOT NULL,
    tried_at TIMESTAMP NOT NULL,
    CHECK ((reversal_id IS NULL) = (problem <> ''))
);
CREATE TRIGGER finance_auto_reversals_fixed BEFORE UPDATE ON finance_auto_reversals FOR EACH ROW WHEN (OLD.reversal_id IS NOT NULL) EXECUTE FUNCTION diwan_refuse();
CREATE TRIGGER finance_auto_reversals_kept BEFORE DELETE ON finance_auto_reversals FOR EACH ROW EXECUTE FUNCTION diwan_refuse();
