-- What is done about changes and events after their end.

-- A change that counts as not applied is asked about again for a day: when the next time is, and
-- when KOS was found to have applied it after all.
ALTER TABLE product_change ADD COLUMN recheck_at BIGINT;
ALTER TABLE product_change ADD COLUMN late_at BIGINT;
CREATE INDEX product_change_recheck ON product_change (recheck_at) WHERE recheck_at IS NOT NULL;
CREATE INDEX product_change_late ON product_change (late_at) WHERE late_at IS NOT NULL;

-- Old answers are looked for by their age.
CREATE INDEX product_answer_by_age ON product_answer (created_at);

-- Of delivered events whose body is no longer kept: that they were, and when.
CREATE TABLE outbox_delivered (
    event_id     TEXT   NOT NULL PRIMARY KEY,
    delivered_at BIGINT NOT NULL
);
CREATE INDEX outbox_delivered_by_age ON outbox (settled_at) WHERE state = 'DELIVERED';
CREATE INDEX outbox_dead ON outbox (position) WHERE state = 'DEAD';
