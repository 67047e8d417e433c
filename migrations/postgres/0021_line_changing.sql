-- 1 while a change of the line is open: its generation may be raised any moment, so whoever reads it
-- must not remember it.
ALTER TABLE line_generation ADD COLUMN changing BIGINT NOT NULL DEFAULT 0;
