DROP TABLE record_views;
