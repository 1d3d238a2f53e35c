-- Positions are found by words of their titles, in any spelling, as agencies, units and users are.
ALTER TABLE positions ADD COLUMN fold TEXT NOT NULL DEFAULT '';
