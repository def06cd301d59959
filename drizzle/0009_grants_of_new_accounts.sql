-- The grants that one transaction gives an account which had none are its making, however many they are: there is no token yet. An import of many accounts with several roles would fill the feed for nothing.
CREATE OR REPLACE FUNCTION kunci_grants_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  account uuid := COALESCE(NEW.user_id, OLD.user_id);
  new_version int;
BEGIN
  -- A grant that this transaction itself changed has announced that already.
  IF TG_OP = 'INSERT' AND NOT EXISTS (SELECT FROM user_roles WHERE user_id = account AND role_id <> NEW.role_id AND xmin <> pg_current_xact_id()::xid) THEN
    RETURN NULL;
  END IF;
  UPDATE users SET token_version = token_version + 1 WHERE id = account RETURNING token_version INTO new_version;
  IF FOUND THEN
    INSERT INTO revocations (scope, user_id, version) VALUES ('grants', account, new_version);
  END IF;
  RETURN NULL;
END $$;
