-- Audit entries the sealer has not linked yet. It finds them here, however late they commit, without searching the trail.
CREATE TABLE audit_unsealed (
    audit_id BIGINT NOT NULL PRIMARY KEY REFERENCES audit_entries (id)
);
INSERT INTO audit_unsealed (audit_id)
    SELECT id FROM audit_entries WHERE NOT EXISTS (SELECT 1 FROM audit_seals WHERE audit_id = audit_entries.id);
CREATE TRIGGER audit_entries_queued AFTER INSERT ON audit_entries BEGIN INSERT INTO audit_unsealed (audit_id) VALUES (NEW.id); END;
