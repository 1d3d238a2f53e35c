DROP TRIGGER audit_entries_queued;
DROP TABLE audit_unsealed;
