-- A grant on a class opens the classes below it: which these are decides about rights, so a change of the plan moves the
-- epoch.
CREATE CONSTRAINT TRIGGER classes_rights_i AFTER INSERT ON classes DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION diwan_move_rights_epoch();
CREATE CONSTRAINT TRIGGER classes_rights_u AFTER UPDATE ON classes DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.path <> NEW.path OR OLD.code <> NEW.code) EXECUTE FUNCTION diwan_move_rights_epoch();
