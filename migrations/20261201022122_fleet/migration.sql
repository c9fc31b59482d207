CREATE TYPE "offline_policy" AS ENUM('FAIL', 'REASSIGN', 'WAIT');--> statement-breakpoint
CREATE TABLE "fleet" (
	"singleton" boolean PRIMARY KEY DEFAULT true,
	"servers_up_since" timestamp(3) with time zone NOT NULL,
	"last_heartbeat_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "fleet_singleton" CHECK ("singleton")
);
--> statement-breakpoint
CREATE TABLE "placements" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "placements_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"project_id" bigint NOT NULL,
	"labels" text[] NOT NULL,
	CONSTRAINT "placements_project_id_labels_key" UNIQUE("project_id","labels")
);
--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "weight" integer DEFAULT 100 NOT NULL;--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "cordoned" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "project_ids" bigint[];--> statement-breakpoint
ALTER TABLE "task_runs" ADD COLUMN "reassign_count" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "task_runs" ADD COLUMN "placement_id" bigint;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "required_labels" text[] DEFAULT '{}'::text[] NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "offline" "offline_policy" DEFAULT 'FAIL'::"offline_policy" NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "offline_seconds" integer DEFAULT 300 NOT NULL;--> statement-breakpoint
DROP INDEX "task_runs_claim_index";--> statement-breakpoint
CREATE INDEX "task_runs_claim_index" ON "task_runs" ("placement_id","priority" DESC,"ready_at","id") WHERE "state" = 'READY' and "released";--> statement-breakpoint
ALTER TABLE "placements" ADD CONSTRAINT "placements_project_id_projects_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "agents" ADD CONSTRAINT "agents_weight_range" CHECK ("weight" between 0 and 1000);--> statement-breakpoint
ALTER TABLE "agents" ADD CONSTRAINT "agents_project_ids_not_empty" CHECK ("project_ids" <> '{}');--> statement-breakpoint
-- What is active may run on any agent of its project, as before.
INSERT INTO "placements" ("project_id", "labels") SELECT "id", '{}' FROM "projects";--> statement-breakpoint
UPDATE "task_runs" t SET "placement_id" = p."id" FROM "placements" p
	WHERE p."project_id" = t."project_id" AND t."state" IN ('PENDING', 'READY', 'RUNNING');--> statement-breakpoint
ALTER TABLE "task_runs" ADD CONSTRAINT "task_runs_ready_has_placement" CHECK ("state" <> 'READY' or "placement_id" is not null);