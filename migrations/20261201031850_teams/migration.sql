CREATE TYPE "project_role" AS ENUM('VIEWER', 'OPERATOR', 'EDITOR', 'ADMIN');--> statement-breakpoint
CREATE TYPE "token_scope" AS ENUM('VIEW', 'OPERATE', 'EDIT', 'ADMINISTER', 'ENROL_AGENTS', 'READ_METRICS');--> statement-breakpoint
CREATE TABLE "favorites" (
	"user_id" bigint,
	"container_id" bigint,
	CONSTRAINT "favorites_pkey" PRIMARY KEY("user_id","container_id")
);
--> statement-breakpoint
CREATE TABLE "identities" (
	"issuer" text,
	"subject" text,
	"user_id" bigint NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	CONSTRAINT "identities_pkey" PRIMARY KEY("issuer","subject")
);
--> statement-breakpoint
CREATE TABLE "members" (
	"user_id" bigint,
	"project_id" bigint,
	"role" "project_role" NOT NULL,
	"granted_at" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"by_group" boolean DEFAULT false NOT NULL,
	CONSTRAINT "members_pkey" PRIMARY KEY("user_id","project_id")
);
--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "project_id" bigint;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "scopes" "token_scope"[] DEFAULT '{ADMINISTER}'::"token_scope"[] NOT NULL;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "agent_labels" text[] DEFAULT '{}'::text[] NOT NULL;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "previous_hash" text;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "previous_token_expires_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "created_by" bigint;--> statement-breakpoint
ALTER TABLE "containers" ADD COLUMN "tags" text[] DEFAULT '{}'::text[] NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "parent_id" bigint;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "run_retention_days" integer;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "break_glass" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "disabled" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "last_seen_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "api_tokens" ALTER COLUMN "user_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "password_hash" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_previous_hash_key" UNIQUE("previous_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "api_tokens_project_id_name_key" ON "api_tokens" ("project_id","name") WHERE "user_id" is null;--> statement-breakpoint
CREATE INDEX "favorites_container_id_index" ON "favorites" ("container_id");--> statement-breakpoint
CREATE INDEX "identities_user_id_index" ON "identities" ("user_id");--> statement-breakpoint
CREATE INDEX "members_project_id_index" ON "members" ("project_id");--> statement-breakpoint
CREATE INDEX "projects_parent_id_index" ON "projects" ("parent_id") WHERE "parent_id" is not null;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_project_id_projects_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "favorites" ADD CONSTRAINT "favorites_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "favorites" ADD CONSTRAINT "favorites_container_id_containers_id_fkey" FOREIGN KEY ("container_id") REFERENCES "containers"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "identities" ADD CONSTRAINT "identities_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_project_id_projects_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_parent_id_projects_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "projects"("id");--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_service_has_project" CHECK ("user_id" is not null or "project_id" is not null);--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_parent_is_another" CHECK ("parent_id" <> "id");--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_run_retention_days_range" CHECK ("run_retention_days" between 1 and 36500);--> statement-breakpoint
-- Whoever could read everything so far goes on to read what there is.
INSERT INTO "members" ("user_id", "project_id", "role")
SELECT "users"."id", "projects"."id", 'VIEWER' FROM "users" CROSS JOIN "projects" WHERE NOT "users"."admin" AND "projects"."slug" = 'default';
