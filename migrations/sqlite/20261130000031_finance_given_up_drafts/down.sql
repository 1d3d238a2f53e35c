DROP TRIGGER reconciliations_kept;
CREATE TRIGGER reconciliations_kept BEFORE DELETE ON reconciliations
    BEGIN SELECT RAISE(ABORT, 'immutable: reconciliations'); END;
