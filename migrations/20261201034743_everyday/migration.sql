CREATE TABLE "pauses" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "pauses_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"project_id" bigint,
	"reason" text NOT NULL,
	"since" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"paused_by" bigint,
	CONSTRAINT "pauses_reason_length" CHECK (char_length("reason") between 1 and 500)
);
--> statement-breakpoint
ALTER TABLE "containers" ADD COLUMN "parameters" jsonb DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "number" integer;--> statement-breakpoint
UPDATE "runs" SET "number" = counted.place FROM (SELECT "id", row_number() OVER (PARTITION BY "container_id" ORDER BY "id") AS place FROM "runs") counted WHERE counted."id" = "runs"."id";--> statement-breakpoint
ALTER TABLE "runs" ALTER COLUMN "number" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "start_at" timestamp(3) with time zone;--> statement-breakpoint
DROP INDEX "runs_one_queued_key";--> statement-breakpoint
CREATE UNIQUE INDEX "runs_one_queued_key" ON "runs" ("container_id") WHERE "state" = 'QUEUED' and not "single" and "cause" <> 'CATCH_UP' and "start_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "pauses_project_id_key" ON "pauses" (coalesce("project_id", 0));--> statement-breakpoint
CREATE UNIQUE INDEX "runs_container_id_number_key" ON "runs" ("container_id","number");--> statement-breakpoint
CREATE INDEX "runs_start_at_index" ON "runs" ("start_at") WHERE "start_at" is not null and "state" = 'QUEUED';--> statement-breakpoint
ALTER TABLE "pauses" ADD CONSTRAINT "pauses_project_id_projects_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE;