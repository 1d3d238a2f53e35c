-- A draft of a reconciliation is nobody's proof: it may be given up. What is submitted or approved stays.
DROP TRIGGER reconciliations_kept ON reconciliations;
CREATE TRIGGER reconciliations_kept BEFORE DELETE ON reconciliations FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION diwan_refuse();
