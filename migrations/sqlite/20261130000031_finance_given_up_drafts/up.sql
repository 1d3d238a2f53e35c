-- A draft of a reconciliation is nobody's proof: it may be given up. What is submitted or approved stays.
DROP TRIGGER reconciliations_kept;
CREATE TRIGGER reconciliations_kept BEFORE DELETE ON reconciliations WHEN OLD.state <> 'draft'
    BEGIN SELECT RAISE(ABORT, 'immutable: reconciliations'); END;
