DROP TRIGGER records_class_u ON records;
DROP TRIGGER records_class_i ON records;
DROP FUNCTION diwan_class_of_record;
DELETE FROM record_access WHERE principal LIKE 'c:%' OR principal LIKE 'g:%';
DROP TABLE access_grants;
