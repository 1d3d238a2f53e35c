DROP TABLE orphan_blobs;
DROP TABLE fixity_runs;
DROP TABLE blob_checks;
