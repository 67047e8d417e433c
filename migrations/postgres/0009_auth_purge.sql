-- Old rows are found without reading the young ones.
CREATE INDEX auth_session_by_expiry ON auth_session (expires_at, session_id);
CREATE INDEX auth_attempt_by_age ON auth_attempt (attempted_at);
CREATE INDEX auth_refresh_of_session ON auth_refresh (session_id);
