-- Plan changes: one row each from intent to end, the answer of each idempotency key, and the
-- append-only history of outcomes.
CREATE TABLE product_change (
    request_id       TEXT   NOT NULL PRIMARY KEY,
    account_id       TEXT   NOT NULL,
    customer_id      TEXT   NOT NULL,
    line_id          TEXT   NOT NULL,
    line_number      TEXT   NOT NULL,
    from_code        TEXT   NOT NULL,
    from_name        TEXT   NOT NULL,
    to_code          TEXT   NOT NULL,
    to_name          TEXT   NOT NULL,
    idempotency_key  TEXT   NOT NULL,
    trace_id         TEXT   NOT NULL,
    state            TEXT   NOT NULL CHECK (state IN
        ('INTENT', 'CALLING', 'UNKNOWN', 'MANUAL', 'COMPLETED', 'REJECTED', 'NOT_APPLIED')),
    reason           TEXT,
    effective_date   TEXT,
    kos_order_number TEXT,
    requested_at     BIGINT NOT NULL,
    -- When CALLING was committed: nothing was sent before.
    called_at        BIGINT,
    processed_at     BIGINT,
    -- Who works on it; whoever lost it writes nothing any more.
    owner            TEXT,
    owned_until      BIGINT NOT NULL DEFAULT 0,
    -- Questions asked of KOS since the answer was lost, and when the next one is due.
    questions        BIGINT NOT NULL DEFAULT 0,
    next_question_at BIGINT NOT NULL DEFAULT 0
);

-- One open change per line.
CREATE UNIQUE INDEX product_change_open ON product_change (line_number)
    WHERE state IN ('INTENT', 'CALLING', 'UNKNOWN', 'MANUAL');
CREATE INDEX product_change_unsettled ON product_change (owned_until, next_question_at)
    WHERE state IN ('INTENT', 'CALLING', 'UNKNOWN');
CREATE INDEX product_change_by_account ON product_change (account_id, requested_at, request_id);

CREATE TABLE product_answer (
    account_id      TEXT   NOT NULL,
    idempotency_key TEXT   NOT NULL,
    -- SHA-256 of the request: the same key with another body is refused.
    fingerprint     TEXT   NOT NULL,
    -- The change that was begun; NULL where the request ended before one.
    request_id      TEXT,
    -- NULL while the change runs; written once.
    answer          TEXT,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (account_id, idempotency_key)
);

CREATE TABLE product_history (
    event_id    TEXT   NOT NULL PRIMARY KEY,
    line_number TEXT   NOT NULL,
    -- 1, 2, 3 … of the line, without gaps.
    line_seq    BIGINT NOT NULL,
    -- A change ends once.
    request_id  TEXT   NOT NULL UNIQUE,
    state       TEXT   NOT NULL CHECK (state IN ('COMPLETED', 'REJECTED', 'NOT_APPLIED')),
    -- What happened, as the MVNO AP server is told it.
    payload     TEXT   NOT NULL,
    recorded_at BIGINT NOT NULL,
    UNIQUE (line_number, line_seq)
);
