DROP TRIGGER period_seals_year ON period_seals;
DROP FUNCTION diwan_period_seals_year();
