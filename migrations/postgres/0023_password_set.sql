-- A session also ends when its account is given another password. NOT VALID: every row there is obeys
-- the shorter list, so none is read again while the table is locked.
ALTER TABLE auth_session
    DROP CONSTRAINT auth_session_end_reason_check,
    ADD CONSTRAINT auth_session_end_reason_check CHECK (
        end_reason IN ('LOGOUT', 'REMOVED', 'REFRESH_REUSED', 'ACCOUNT_LOCKED', 'PASSWORD_SET')
    ) NOT VALID;
