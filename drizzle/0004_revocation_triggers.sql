-- What makes access tokens void is written and announced by the database itself, in the transaction of the change: nothing that changes a session, an account or a role can forget it.
CREATE SEQUENCE "roles_version_seq";
--> statement-breakpoint
CREATE FUNCTION kunci_announce_revocation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('kunci_revocations', row_to_json(NEW)::text);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER announce AFTER INSERT ON "revocations" FOR EACH ROW EXECUTE FUNCTION kunci_announce_revocation();
--> statement-breakpoint
CREATE FUNCTION kunci_session_revoked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO revocations (scope, user_id, session_id, contract, revoked_at, ends_at)
  VALUES ('session', NEW.user_id, NEW.id, NEW.contract, NEW.revoked_at, NEW.expires_at);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER revoked AFTER UPDATE OF revoked_at ON "sessions" FOR EACH ROW
WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION kunci_session_revoked();
--> statement-breakpoint
CREATE FUNCTION kunci_account_disabled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.token_version := OLD.token_version + 1;
  INSERT INTO revocations (scope, user_id, version) VALUES ('account', NEW.id, NEW.token_version);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER disabled BEFORE UPDATE OF disabled_at ON "users" FOR EACH ROW
WHEN (OLD.disabled_at IS NULL AND NEW.disabled_at IS NOT NULL) EXECUTE FUNCTION kunci_account_disabled();
--> statement-breakpoint
CREATE FUNCTION kunci_account_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO revocations (scope, user_id, version) VALUES ('account', OLD.id, 2147483647);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER deleted AFTER DELETE ON "users" FOR EACH ROW EXECUTE FUNCTION kunci_account_deleted();
--> statement-breakpoint
CREATE FUNCTION kunci_grants_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  account uuid := COALESCE(NEW.user_id, OLD.user_id);
  new_version int;
BEGIN
  -- The first grant is the registration's: there is no token yet.
  IF TG_OP = 'INSERT' AND NOT EXISTS (SELECT FROM user_roles WHERE user_id = account AND role_id <> NEW.role_id) THEN
    RETURN NULL;
  END IF;
  UPDATE users SET token_version = token_version + 1 WHERE id = account RETURNING token_version INTO new_version;
  IF FOUND THEN
    INSERT INTO revocations (scope, user_id, version) VALUES ('grants', account, new_version);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE ON "user_roles" FOR EACH ROW EXECUTE FUNCTION kunci_grants_changed();
--> statement-breakpoint
CREATE FUNCTION kunci_role_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := nextval('roles_version_seq');
  INSERT INTO revocations (scope, role, version) VALUES ('role', OLD.name, NEW.version);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER changed BEFORE UPDATE OF name, permissions, is_admin ON "roles" FOR EACH ROW
WHEN ((OLD.name, OLD.permissions, OLD.is_admin) IS DISTINCT FROM (NEW.name, NEW.permissions, NEW.is_admin)) EXECUTE FUNCTION kunci_role_changed();
