-- What is sealed is opened no more, and a year ends in its complementary period: that is sealed once its year, or a later one, is
-- ended. Else that year could never be ended, and none after it.
CREATE TRIGGER period_seals_year BEFORE INSERT ON period_seals
    WHEN EXISTS (SELECT 1 FROM fiscal_periods p WHERE p.id = NEW.period_id AND p.number = 13 AND NOT EXISTS (
        SELECT 1 FROM year_ends y JOIN fiscal_years f ON f.id = y.year_id
        WHERE y.agency_id = p.agency_id AND y.state = 'ended' AND f.ends_on >= p.ends_on))
    BEGIN SELECT RAISE(ABORT, 'ledger: seal'); END;
