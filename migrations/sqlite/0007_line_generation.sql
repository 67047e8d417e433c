-- How often the plan of a line ended a change here. It is part of the cache key of everything that
-- shows the current plan, so what was kept before a change is not found after it.
CREATE TABLE line_generation (
    line_number TEXT   NOT NULL PRIMARY KEY,
    generation  BIGINT NOT NULL
);
