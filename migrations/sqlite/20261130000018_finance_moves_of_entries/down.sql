DROP TRIGGER posted_entries_moves;
