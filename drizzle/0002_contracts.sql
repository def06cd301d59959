ALTER TABLE "one_time_tokens" DROP CONSTRAINT "one_time_tokens_purpose_unique";--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "issued" json;--> statement-breakpoint
ALTER TABLE "one_time_tokens" ADD COLUMN "proven_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE UNIQUE INDEX "one_time_tokens_one_of_purpose" ON "one_time_tokens" USING btree ("user_id","purpose") WHERE "one_time_tokens"."purpose" <> 'restore-email';--> statement-breakpoint
CREATE INDEX "one_time_tokens_former_addresses" ON "one_time_tokens" USING btree ("email") WHERE "one_time_tokens"."purpose" = 'restore-email';