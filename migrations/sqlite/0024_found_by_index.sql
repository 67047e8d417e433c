-- What is looked for in tables that are kept for ever, or that may hold a long queue.

-- The changes of a line since another one.
CREATE INDEX product_change_of_line ON product_change (line_number, called_at);
-- An operator's list of changes in one state, the oldest first.
CREATE INDEX product_change_by_state ON product_change (state, requested_at, request_id);
-- The oldest events that wait.
CREATE INDEX outbox_waiting_by_age ON outbox (enqueued_at) WHERE state = 'WAITING';
