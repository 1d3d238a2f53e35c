-- Wrong passwords are counted per name that was typed, whether there is such a user or not: an answer that only users
-- can get would tell who is one. The name is kept as a hash, because people type passwords into that field.
CREATE TABLE login_attempts (
    name_hash TEXT NOT NULL PRIMARY KEY CHECK (length(name_hash) = 64),
    failed_count INTEGER NOT NULL CHECK (failed_count > 0),
    locked_until TIMESTAMP,
    last_at TIMESTAMP NOT NULL
);
CREATE INDEX login_attempts_last ON login_attempts (last_at);
ALTER TABLE users DROP COLUMN failed_count;
ALTER TABLE users DROP COLUMN locked_until;
