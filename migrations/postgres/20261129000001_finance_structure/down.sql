DROP TABLE cost_centres;
DROP TABLE parties;
DROP TABLE accounts;
DROP TABLE period_reopenings;
DROP TABLE period_kinds;
DROP TABLE fiscal_periods;
DROP TABLE fiscal_years;
