-- One number for the rights of everybody: whoever keeps a person's rights in memory asks whether it is still the same.
-- The triggers make every way of changing rights move it, direct SQL included.
CREATE TABLE rights_epochs (
    id BIGINT NOT NULL PRIMARY KEY,
    epoch BIGINT NOT NULL
);
CREATE TRIGGER agencies_rights_u AFTER UPDATE OF active ON agencies BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER users_rights_u AFTER UPDATE OF agency_id, name_ar, name_en, lang, clearance, must_change, active ON users BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER units_rights_i AFTER INSERT ON units BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER units_rights_u AFTER UPDATE OF agency_id, parent_id ON units BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER units_rights_d AFTER DELETE ON units BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER positions_rights_u AFTER UPDATE OF unit_id, is_head, can_sign, active ON positions BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER user_caveats_rights_i AFTER INSERT ON user_caveats BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER user_caveats_rights_u AFTER UPDATE ON user_caveats BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER user_caveats_rights_d AFTER DELETE ON user_caveats BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER user_roles_rights_i AFTER INSERT ON user_roles BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER user_roles_rights_u AFTER UPDATE ON user_roles BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER user_roles_rights_d AFTER DELETE ON user_roles BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER role_permissions_rights_i AFTER INSERT ON role_permissions BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER role_permissions_rights_u AFTER UPDATE ON role_permissions BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER role_permissions_rights_d AFTER DELETE ON role_permissions BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER holdings_rights_i AFTER INSERT ON holdings BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER holdings_rights_u AFTER UPDATE ON holdings BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER holdings_rights_d AFTER DELETE ON holdings BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER delegations_rights_i AFTER INSERT ON delegations BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER delegations_rights_u AFTER UPDATE ON delegations BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
CREATE TRIGGER delegations_rights_d AFTER DELETE ON delegations BEGIN
    INSERT INTO rights_epochs (id, epoch) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = rights_epochs.epoch + 1;
END;
