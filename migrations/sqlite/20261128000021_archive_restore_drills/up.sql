-- Restore drills (تجارب الاسترجاع): a backup brought back in a scratch place and examined. How one ended stays as it is.
CREATE TABLE restore_drills (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    asked_by BIGINT REFERENCES users (id),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'passed', 'failed')),
    step TEXT NOT NULL,
    done BIGINT NOT NULL CHECK (done >= 0),
    total BIGINT NOT NULL CHECK (total >= 0),
    created_at TIMESTAMP NOT NULL,
    started_at TIMESTAMP,
    finished_at TIMESTAMP,
    report TEXT NOT NULL,
    CHECK ((state IN ('passed', 'failed')) = (finished_at IS NOT NULL))
);
CREATE TRIGGER restore_drills_ended BEFORE UPDATE ON restore_drills WHEN OLD.finished_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'immutable: restore_drills'); END;
CREATE TRIGGER restore_drills_kept BEFORE DELETE ON restore_drills BEGIN SELECT RAISE(ABORT, 'immutable: restore_drills'); END;
