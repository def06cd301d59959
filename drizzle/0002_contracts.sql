ALTER TABLE "audit_events" ADD COLUMN "issued" json;--> statement-breakpoint
ALTER TABLE "one_time_tokens" ADD COLUMN "proven_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "audit_events_issued_by_session" ON "audit_events" USING btree ("session_id","number") WHERE "audit_events"."issued" is not null;--> statement-breakpoint
CREATE INDEX "one_time_tokens_former_addresses" ON "one_time_tokens" USING btree ("email") WHERE "one_time_tokens"."purpose" like 'restore-email:%';