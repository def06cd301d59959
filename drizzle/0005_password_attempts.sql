CREATE TABLE "password_attempts" (
	"key" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"in_flight" integer NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL
);
