-- What customers asked for.
CREATE TABLE bill_request (
    request_id   TEXT   PRIMARY KEY,
    account_id   TEXT   NOT NULL,
    customer_id  TEXT   NOT NULL,
    line_id      TEXT   NOT NULL,
    line_number  TEXT   NOT NULL,
    month        TEXT   NOT NULL,
    requested_at BIGINT NOT NULL
);

CREATE INDEX bill_request_by_account ON bill_request (account_id, requested_at, request_id);

-- How each request ended.
CREATE TABLE bill_result (
    request_id   TEXT   PRIMARY KEY REFERENCES bill_request (request_id),
    processed_at BIGINT NOT NULL,
    status       TEXT   NOT NULL CHECK (status IN ('COMPLETED', 'FAILED')),
    source       TEXT   CHECK (source IN ('KOS', 'CACHE', 'STALE')),
    result_code  TEXT   NOT NULL
);
