DROP TRIGGER records_class_u;
DROP TRIGGER records_class_i;
DELETE FROM record_access WHERE principal LIKE 'c:%' OR principal LIKE 'g:%';
DROP TABLE access_grants;
