DROP TRIGGER period_kinds_hold ON period_kinds;
DROP TRIGGER period_kinds_fixed ON period_kinds;
DROP FUNCTION diwan_period_kinds();
DROP TRIGGER currencies_fixed ON currencies;
DROP TRIGGER currencies_kept ON currencies;
DROP FUNCTION diwan_currency_used();
ALTER TABLE currencies DROP COLUMN version;
