DROP TRIGGER period_seals_year;
