-- Who holds a file for editing (حجز للتحرير); the row goes when it is checked in or given up.
CREATE TABLE checkouts (
    attachment_id BIGINT NOT NULL PRIMARY KEY REFERENCES attachments (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    taken_at TIMESTAMP NOT NULL
);
CREATE INDEX checkouts_user ON checkouts (user_id);
-- What a version changed, in the words of who brought it.
ALTER TABLE attachments ADD COLUMN note TEXT;
