DROP TRIGGER audit_entries_queued ON audit_entries;
DROP FUNCTION diwan_queue_audit();
DROP TABLE audit_unsealed;
