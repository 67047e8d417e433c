-- Accounts, what they may use, and the lines they own.
CREATE TABLE auth_account (
    account_id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL UNIQUE,
    user_name TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    -- PHC string: argon2id with its parameters and salt.
    password_hash TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('ACTIVE', 'LOCKED')),
    -- Raised by every change of permissions or status, so that replicas notice.
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE auth_permission (
    account_id TEXT NOT NULL REFERENCES auth_account (account_id),
    permission TEXT NOT NULL CHECK (permission IN ('BILL_INQUIRY', 'PRODUCT_CHANGE')),
    PRIMARY KEY (account_id, permission)
);

CREATE TABLE auth_line (
    line_id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES auth_account (account_id),
    line_number TEXT NOT NULL UNIQUE,
    -- The order the customer sees them in.
    position BIGINT NOT NULL,
    UNIQUE (account_id, position)
);

-- Login attempts since the last success, for known and unknown ids alike.
CREATE TABLE auth_attempt (
    -- HMAC-SHA256 of the login id.
    id_hash TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    locked_until BIGINT,
    attempted_at BIGINT NOT NULL
);

CREATE TABLE auth_session (
    session_id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES auth_account (account_id),
    auto_login BOOLEAN NOT NULL,
    device TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    end_reason TEXT CHECK (end_reason IN ('LOGOUT', 'REMOVED', 'REFRESH_REUSED', 'ACCOUNT_LOCKED'))
);

CREATE INDEX auth_session_of_account ON auth_session (account_id, created_at);

-- The refresh tokens of a session; at most one of them is not spent.
CREATE TABLE auth_refresh (
    -- SHA-256 of the token.
    token_hash TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES auth_session (session_id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    spent_at BIGINT
);

CREATE UNIQUE INDEX auth_refresh_unspent ON auth_refresh (session_id) WHERE spent_at IS NULL;
