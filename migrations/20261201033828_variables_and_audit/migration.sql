CREATE TYPE "audit_source" AS ENUM('AGENT', 'API', 'CONSOLE', 'SERVER');--> statement-breakpoint
CREATE TABLE "audit_entries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_entries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"actor_id" bigint,
	"actor_name" text NOT NULL,
	"source" "audit_source" NOT NULL,
	"address" text,
	"action" text NOT NULL,
	"project_id" bigint,
	"subject" text NOT NULL,
	"subject_id" text,
	"changes" jsonb
);
--> statement-breakpoint
CREATE TABLE "variables" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "variables_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"project_id" bigint NOT NULL,
	"container_id" bigint,
	"name" text NOT NULL,
	"value" text,
	"encrypted_value" bytea,
	"key_id" text,
	"updated_at" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"updated_by" bigint,
	CONSTRAINT "variables_one_value" CHECK (("value" is null) <> ("encrypted_value" is null)),
	CONSTRAINT "variables_key_of_encrypted" CHECK (("encrypted_value" is null) = ("key_id" is null))
);
--> statement-breakpoint
ALTER TABLE "task_runs" ADD COLUMN "redacted_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "audit_entries_at_index" ON "audit_entries" ("at","id");--> statement-breakpoint
CREATE INDEX "audit_entries_project_id_index" ON "audit_entries" ("project_id","at","id");--> statement-breakpoint
CREATE INDEX "audit_entries_subject_id_index" ON "audit_entries" ("subject_id","at","id");--> statement-breakpoint
CREATE INDEX "audit_entries_actor_id_index" ON "audit_entries" ("actor_id","at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "variables_project_id_name_key" ON "variables" ("project_id","name") WHERE "container_id" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "variables_container_id_name_key" ON "variables" ("container_id","name") WHERE "container_id" is not null;--> statement-breakpoint
ALTER TABLE "variables" ADD CONSTRAINT "variables_project_id_projects_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "variables" ADD CONSTRAINT "variables_container_id_containers_id_fkey" FOREIGN KEY ("container_id") REFERENCES "containers"("id") ON DELETE CASCADE;--> statement-breakpoint
CREATE INDEX "attempts_lost_index" ON "attempts" ("agent_id","finished_at") WHERE "state" = 'LOST';
