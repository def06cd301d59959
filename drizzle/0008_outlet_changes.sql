-- Access tokens name their account's outlet: another one makes them void where they can be refreshed, like other roles.
CREATE FUNCTION kunci_outlet_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.token_version := OLD.token_version + 1;
  INSERT INTO revocations (scope, user_id, version) VALUES ('grants', NEW.id, NEW.token_version);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER moved BEFORE UPDATE OF outlet_id ON "users" FOR EACH ROW
WHEN (OLD.outlet_id IS DISTINCT FROM NEW.outlet_id) EXECUTE FUNCTION kunci_outlet_changed();
