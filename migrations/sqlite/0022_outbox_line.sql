-- One row for each line with events: what a relay looks at, so that a look for work costs the same
-- however many events wait, and a pause or a lease is one small write.
CREATE TABLE outbox_line (
    line_number TEXT    NOT NULL PRIMARY KEY,
    -- Moves with each event enqueued: a worker that found the line's last one has not missed another.
    version     BIGINT  NOT NULL DEFAULT 1,
    -- From when on it may be taken: the end of a lease or of a pause; NULL while nothing waits.
    due_at      BIGINT,
    -- Among what waits is the end of a plan change.
    urgent      BOOLEAN NOT NULL,
    lease       TEXT
);
CREATE INDEX outbox_line_due ON outbox_line (urgent, due_at) WHERE due_at IS NOT NULL;

INSERT INTO outbox_line (line_number, due_at, urgent)
SELECT line_number, 0, MAX(kind = 'PRODUCT_CHANGE')
  FROM outbox WHERE state = 'WAITING' GROUP BY line_number;

DROP INDEX outbox_waiting;
ALTER TABLE outbox DROP COLUMN next_attempt_at;
ALTER TABLE outbox DROP COLUMN lease;
ALTER TABLE outbox DROP COLUMN lease_until;
