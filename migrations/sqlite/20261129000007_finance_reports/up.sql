-- The journal in the order of its days.
CREATE INDEX entries_day ON entries (agency_id, effective_on, id);
-- What counts only after a day, to take it off what stands in the lines.
CREATE INDEX budget_moves_day ON budget_moves (effective_on, line_id);
-- What comes into a line from outside and leaves it: law, supplements, virements, carrying, lapsing. Few among all moves.
CREATE INDEX budget_moves_outside ON budget_moves (line_id) WHERE source = 'outside' OR target = 'outside';
