DROP TRIGGER classes_rights_i ON classes;
DROP TRIGGER classes_rights_u ON classes;
