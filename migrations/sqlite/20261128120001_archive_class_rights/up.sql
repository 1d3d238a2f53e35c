-- A grant on a class opens the classes below it: which these are decides about rights, so a change of the plan moves the
-- epoch.
CREATE TRIGGER classes_rights_i AFTER INSERT ON classes WHEN NEW.parent_id IS NOT NULL BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER classes_rights_u AFTER UPDATE OF path, code ON classes
    WHEN OLD.path <> NEW.path OR OLD.code <> NEW.code BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
