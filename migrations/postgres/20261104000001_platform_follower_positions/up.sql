-- How far followers of the outbox have read that belong to the installation, not to a node.
CREATE TABLE follower_positions (
    name TEXT NOT NULL PRIMARY KEY,
    position TEXT NOT NULL
);
