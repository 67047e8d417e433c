-- When KOS answered that it had taken a change and was working on it: such a change does not count as
-- not applied however long it takes.
ALTER TABLE product_change ADD COLUMN accepted_at BIGINT;
