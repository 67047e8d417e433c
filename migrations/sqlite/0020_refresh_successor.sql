-- What a lost answer is forgiven by: which token a token was made for, and which browser spent it.
ALTER TABLE auth_refresh ADD COLUMN parent_hash TEXT;
-- A digest of what the browser calls itself; NULL when a program spent it, which is forgiven nothing.
ALTER TABLE auth_refresh ADD COLUMN spent_by TEXT;
