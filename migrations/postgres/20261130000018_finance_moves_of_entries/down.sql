DROP TRIGGER posted_entries_moves ON posted_entries;
DROP FUNCTION diwan_post_moves();
