-- A session also ends when its account is given another password. SQLite changes no CHECK, so the table
-- is made anew under its own name; what refers to its rows is looked at when all of this is committed.
PRAGMA defer_foreign_keys = ON;

CREATE TABLE auth_session_before AS SELECT * FROM auth_session;
DROP TABLE auth_session;

CREATE TABLE auth_session (
    session_id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES auth_account (account_id),
    auto_login BOOLEAN NOT NULL,
    device TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    end_reason TEXT CHECK (
        end_reason IN ('LOGOUT', 'REMOVED', 'REFRESH_REUSED', 'ACCOUNT_LOCKED', 'PASSWORD_SET')
    )
);

INSERT INTO auth_session SELECT * FROM auth_session_before;
DROP TABLE auth_session_before;

CREATE INDEX auth_session_of_account ON auth_session (account_id, created_at);
CREATE INDEX auth_session_by_expiry ON auth_session (expires_at, session_id);
