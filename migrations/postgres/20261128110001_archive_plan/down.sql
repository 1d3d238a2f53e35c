DROP INDEX records_class;
DROP TABLE classes;
DROP TABLE schedules;
DROP TABLE archive_guards;
