ALTER TABLE users ADD COLUMN failed_count INTEGER NOT NULL DEFAULT 0 CHECK (failed_count >= 0);
ALTER TABLE users ADD COLUMN locked_until TIMESTAMP;
DROP TABLE login_attempts;
