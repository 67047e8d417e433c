-- Each event of a line is sealed to the one before it. Events recorded before this step stay
-- unsealed (NULL): the chain of their line begins with the first one after them.
ALTER TABLE product_history ADD COLUMN prev_hash TEXT;
-- SHA-256 in hex over the row and prev_hash; the encoding is in server/src/product/history_chain.rs.
ALTER TABLE product_history ADD COLUMN hash TEXT;
-- What the person wrote who decided it, where one did.
ALTER TABLE product_history ADD COLUMN note TEXT;

CREATE FUNCTION product_history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'product_history is append-only';
END;
$$;

CREATE TRIGGER product_history_is_never_updated BEFORE UPDATE ON product_history
    FOR EACH ROW EXECUTE FUNCTION product_history_is_append_only();
CREATE TRIGGER product_history_is_never_deleted BEFORE DELETE ON product_history
    FOR EACH ROW EXECUTE FUNCTION product_history_is_append_only();
CREATE TRIGGER product_history_is_never_emptied BEFORE TRUNCATE ON product_history
    FOR EACH STATEMENT EXECUTE FUNCTION product_history_is_append_only();
