-- One number for the rights of everybody: whoever keeps a person's rights in memory asks whether it is still the same.
-- The triggers make every way of changing rights move it, direct SQL included.
CREATE TABLE rights_epochs (
    id BIGINT NOT NULL PRIMARY KEY,
    epoch BIGINT NOT NULL
);
CREATE FUNCTION diwan_move_rights_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
    RETURN NULL;
END $$;
-- Deferred: the one row is locked at the end of a transaction only, so that two of them cannot wait for each other.
CREATE CONSTRAINT TRIGGER agencies_rights AFTER UPDATE OF active ON agencies DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION diwan_move_rights_epoch();
CREATE CONSTRAINT TRIGGER users_rights AFTER UPDATE OF agency_id, name_ar, name_en, lang, clearance, must_change, active ON users DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION diwan_move_rights_epoch();
CREATE CONSTRAINT TRIGGER units_rights AFTER INSERT OR UPDATE OF agency_id, parent_id OR DELETE ON units DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION diwan_move_rights_epoch();
CREATE CONSTRAINT TRIGGER positions_rights AFTER UPDATE OF unit_id, is_head, can_sign, active ON positions DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION diwan_move_rights_epoch();
CREATE CONSTRAINT TRIGGER user_caveats_rights AFTER INSERT OR UPDATE OR DELETE ON user_caveats DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION diwan_move_rights_epoch();
CREATE CONSTRAINT TRIGGER user_roles_rights AFTER INSERT OR UPDATE OR DELETE ON user_roles DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION diwan_move_rights_epoch();
CREATE CONSTRAINT TRIGGER role_permissions_rights AFTER INSERT OR UPDATE OR DELETE ON role_permissions DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION diwan_move_rights_epoch();
CREATE CONSTRAINT TRIGGER holdings_rights AFTER INSERT OR UPDATE OR DELETE ON holdings DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION diwan_move_rights_epoch();
CREATE CONSTRAINT TRIGGER delegations_rights AFTER INSERT OR UPDATE OR DELETE ON delegations DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION diwan_move_rights_epoch();
