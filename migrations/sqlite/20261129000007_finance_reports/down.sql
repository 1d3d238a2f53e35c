DROP INDEX budget_moves_outside;
DROP INDEX budget_moves_day;
DROP INDEX entries_day;
