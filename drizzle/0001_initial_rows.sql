INSERT INTO "outlets" ("id", "name", "created_at", "updated_at")
VALUES (gen_random_uuid(), 'Main Outlet', now(), now());
--> statement-breakpoint
INSERT INTO "roles" ("id", "number", "name", "permissions", "is_admin", "self_assignable", "is_default", "created_at", "updated_at")
VALUES
	(gen_random_uuid(), 1, 'admin', '{users.create,users.read,users.update,users.delete,roles.manage,outlets.manage,sessions.manage,audit.read}', true, false, false, now(), now()),
	(gen_random_uuid(), 2, 'user', '{}', false, true, true, now(), now()),
	(gen_random_uuid(), 3, 'volunteer', '{}', false, true, false, now(), now());
--> statement-breakpoint
SELECT setval(pg_get_serial_sequence('"roles"', 'number'), 3);
