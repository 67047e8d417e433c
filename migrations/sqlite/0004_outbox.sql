-- Events for the MVNO AP server, written in the transaction of the fact they tell.
CREATE TABLE outbox (
    position        INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id        TEXT    NOT NULL UNIQUE,
    kind            TEXT    NOT NULL CHECK (kind IN ('BILL_INQUIRY', 'PRODUCT_CHANGE')),
    line_number     TEXT    NOT NULL,
    body            TEXT    NOT NULL,
    state           TEXT    NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'DELIVERED', 'DEAD')),
    attempts        BIGINT  NOT NULL DEFAULT 0,
    enqueued_at     BIGINT  NOT NULL,
    next_attempt_at BIGINT  NOT NULL,
    lease           TEXT,
    lease_until     BIGINT  NOT NULL DEFAULT 0,
    settled_at      BIGINT
);

-- Only what waits is looked through; what was delivered costs nothing.
CREATE INDEX outbox_waiting ON outbox (next_attempt_at, position) WHERE state = 'WAITING';
CREATE INDEX outbox_waiting_by_line ON outbox (line_number, position) WHERE state = 'WAITING';
