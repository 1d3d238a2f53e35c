DROP TRIGGER reconciliations_kept ON reconciliations;
CREATE TRIGGER reconciliations_kept BEFORE DELETE ON reconciliations FOR EACH ROW EXECUTE FUNCTION diwan_refuse();
