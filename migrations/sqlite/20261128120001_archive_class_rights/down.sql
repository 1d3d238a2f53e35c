DROP TRIGGER classes_rights_i;
DROP TRIGGER classes_rights_u;
