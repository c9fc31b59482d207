CREATE TYPE "attempt_state" AS ENUM('STARTING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'CANCELLED', 'LOST');--> statement-breakpoint
CREATE TYPE "join_rule" AS ENUM('ALL', 'ANY');--> statement-breakpoint
CREATE TYPE "misfire_policy" AS ENUM('SKIP', 'ONCE', 'ALL');--> statement-breakpoint
CREATE TYPE "overlap_policy" AS ENUM('SKIP', 'ALLOW', 'QUEUE', 'REPLACE');--> statement-breakpoint
CREATE TYPE "relation_condition" AS ENUM('SUCCESS', 'FAILURE', 'ALWAYS');--> statement-breakpoint
CREATE TYPE "run_cause" AS ENUM('SCHEDULE', 'MANUAL', 'API', 'RETRY', 'CATCH_UP');--> statement-breakpoint
CREATE TYPE "run_state" AS ENUM('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED');--> statement-breakpoint
CREATE TYPE "slot_outcome" AS ENUM('FIRED', 'SKIPPED', 'MISSED', 'CAUGHT_UP');--> statement-breakpoint
CREATE TYPE "stop_cause" AS ENUM('CANCELLED', 'REPLACED', 'TIMED_OUT');--> statement-breakpoint
CREATE TYPE "task_run_state" AS ENUM('PENDING', 'READY', 'RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'CANCELLED', 'SKIPPED');--> statement-breakpoint
CREATE TABLE "agents" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "agents_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"key" text NOT NULL CONSTRAINT "agents_key_key" UNIQUE,
	"name" text NOT NULL,
	"address" text,
	"version" text,
	"labels" text[] DEFAULT '{}'::text[] NOT NULL,
	"capacity" integer NOT NULL,
	"last_seen_at" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	CONSTRAINT "agents_capacity_range" CHECK ("capacity" >= 0)
);
--> statement-breakpoint
CREATE TABLE "api_tokens" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "api_tokens_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"user_id" bigint NOT NULL,
	"name" text NOT NULL,
	"token_hash" text NOT NULL CONSTRAINT "api_tokens_token_hash_key" UNIQUE,
	"created_at" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"expires_at" timestamp(3) with time zone,
	CONSTRAINT "api_tokens_name_length" CHECK (char_length("name") between 1 and 200)
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "attempts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"task_run_id" bigint NOT NULL,
	"number" integer NOT NULL,
	"state" "attempt_state" NOT NULL,
	"reason" text,
	"exit_code" integer,
	"signal" text,
	"created_at" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"started_at" timestamp(3) with time zone,
	"finished_at" timestamp(3) with time zone,
	"agent_id" bigint NOT NULL,
	"stop_cause" "stop_cause",
	"out_offset" bigint DEFAULT 0 NOT NULL,
	"err_offset" bigint DEFAULT 0 NOT NULL,
	"next_seq" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "attempts_task_run_id_number_key" UNIQUE("task_run_id","number"),
	CONSTRAINT "attempts_number_range" CHECK ("number" >= 1),
	CONSTRAINT "attempts_final_is_finished" CHECK (("finished_at" is not null) = ("state" not in ('STARTING', 'RUNNING')))
);
--> statement-breakpoint
CREATE TABLE "container_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "container_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"container_id" bigint NOT NULL,
	"version" integer NOT NULL,
	"summary" text NOT NULL,
	"changed_by" bigint,
	"changed_at" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL
);
--> statement-breakpoint
CREATE TABLE "container_versions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "container_versions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"container_id" bigint NOT NULL,
	"version" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	CONSTRAINT "container_versions_container_id_version_key" UNIQUE("container_id","version")
);
--> statement-breakpoint
CREATE TABLE "containers" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "containers_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"project_id" bigint NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"timeout_seconds" integer DEFAULT 0 NOT NULL,
	"max_parallel" integer DEFAULT 0 NOT NULL,
	"priority" integer DEFAULT 0 NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"updated_at" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	CONSTRAINT "containers_project_id_name_key" UNIQUE("project_id","name"),
	CONSTRAINT "containers_name_length" CHECK (char_length("name") between 1 and 200),
	CONSTRAINT "containers_timeout_seconds_range" CHECK ("timeout_seconds" >= 0),
	CONSTRAINT "containers_max_parallel_range" CHECK ("max_parallel" >= 0),
	CONSTRAINT "containers_version_range" CHECK ("version" >= 1)
);
--> statement-breakpoint
CREATE TABLE "log_chunks" (
	"day" date,
	"attempt_id" bigint,
	"first_seq" integer,
	"line_count" integer NOT NULL,
	"attempt" integer NOT NULL,
	"task_run_id" bigint NOT NULL,
	"run_id" bigint NOT NULL,
	"task_id" bigint NOT NULL,
	"container_id" bigint NOT NULL,
	"project_id" bigint NOT NULL,
	"first_at" timestamp(3) with time zone NOT NULL,
	"last_at" timestamp(3) with time zone NOT NULL,
	"streams" text NOT NULL,
	"delays" bigint[] NOT NULL,
	"body" text NOT NULL,
	CONSTRAINT "log_chunks_pkey" PRIMARY KEY("day","attempt_id","first_seq"),
	CONSTRAINT "log_chunks_line_count_range" CHECK ("line_count" >= 1),
	CONSTRAINT "log_chunks_streams_count" CHECK (char_length("streams") = "line_count"),
	CONSTRAINT "log_chunks_delays_count" CHECK (cardinality("delays") = "line_count")
) PARTITION BY RANGE ("day");--> statement-breakpoint
CREATE TABLE "log_chunks_other" PARTITION OF "log_chunks" DEFAULT;
--> statement-breakpoint
CREATE TABLE "projects" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "projects_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"slug" text NOT NULL CONSTRAINT "projects_slug_key" UNIQUE,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	CONSTRAINT "projects_slug_form" CHECK ("slug" ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
	CONSTRAINT "projects_name_length" CHECK (char_length("name") between 1 and 200)
);
--> statement-breakpoint
CREATE TABLE "relations" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "relations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"container_id" bigint NOT NULL,
	"upstream_id" bigint NOT NULL,
	"downstream_id" bigint NOT NULL,
	"condition" "relation_condition" DEFAULT 'SUCCESS'::"relation_condition" NOT NULL,
	CONSTRAINT "relations_upstream_id_downstream_id_key" UNIQUE("upstream_id","downstream_id"),
	CONSTRAINT "relations_not_to_itself" CHECK ("upstream_id" <> "downstream_id")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"project_id" bigint NOT NULL,
	"container_id" bigint NOT NULL,
	"container_name" text NOT NULL,
	"container_version" integer NOT NULL,
	"version_id" bigint NOT NULL,
	"state" "run_state" NOT NULL,
	"cause" "run_cause" NOT NULL,
	"scheduled_for" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"started_at" timestamp(3) with time zone,
	"finished_at" timestamp(3) with time zone,
	"reason" text,
	"started_by" bigint,
	"retry_of" bigint,
	"single" boolean DEFAULT false NOT NULL,
	"environment" jsonb DEFAULT '{}' NOT NULL,
	"idempotency_key" text,
	"idempotency_hash" text,
	"deadline_at" timestamp(3) with time zone,
	"stop_cause" "stop_cause",
	"stop_reason" text,
	CONSTRAINT "runs_scheduled_for_cause" CHECK (("scheduled_for" is not null) = ("cause" in ('SCHEDULE', 'CATCH_UP'))),
	CONSTRAINT "runs_final_is_finished" CHECK (("finished_at" is not null) = ("state" in ('SUCCEEDED', 'FAILED', 'CANCELLED')))
);
--> statement-breakpoint
CREATE TABLE "schedules" (
	"container_id" bigint PRIMARY KEY,
	"expression" text,
	"timezone" text DEFAULT 'UTC' NOT NULL,
	"overlap" "overlap_policy" DEFAULT 'SKIP'::"overlap_policy" NOT NULL,
	"misfire" "misfire_policy" DEFAULT 'ONCE'::"misfire_policy" NOT NULL,
	"next_fire_at" timestamp(3) with time zone,
	"anchor_at" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	CONSTRAINT "schedules_next_needs_expression" CHECK ("next_fire_at" is null or "expression" is not null)
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY,
	"user_id" bigint NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text PRIMARY KEY,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "slots" (
	"container_id" bigint,
	"at" timestamp(3) with time zone,
	"outcome" "slot_outcome" NOT NULL,
	"reason" text,
	"run_id" bigint,
	"created_at" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	CONSTRAINT "slots_pkey" PRIMARY KEY("container_id","at"),
	CONSTRAINT "slots_fired_has_run" CHECK ("outcome" not in ('FIRED', 'CAUGHT_UP') or "run_id" is not null)
);
--> statement-breakpoint
CREATE TABLE "task_runs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "task_runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"run_id" bigint NOT NULL,
	"task_index" integer NOT NULL,
	"task_id" bigint NOT NULL,
	"project_id" bigint NOT NULL,
	"container_id" bigint NOT NULL,
	"name" text NOT NULL,
	"x" double precision NOT NULL,
	"y" double precision NOT NULL,
	"state" "task_run_state" NOT NULL,
	"reason" text,
	"attempt" integer DEFAULT 0 NOT NULL,
	"exit_code" integer,
	"signal" text,
	"created_at" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"started_at" timestamp(3) with time zone,
	"finished_at" timestamp(3) with time zone,
	"agent_id" bigint,
	"reused_from" bigint,
	"priority" integer DEFAULT 0 NOT NULL,
	"released" boolean DEFAULT false NOT NULL,
	"ready_at" timestamp(3) with time zone,
	"retry_at" timestamp(3) with time zone,
	CONSTRAINT "task_runs_run_id_task_index_key" UNIQUE("run_id","task_index"),
	CONSTRAINT "task_runs_released_is_ready" CHECK (not "released" or "state" = 'READY'),
	CONSTRAINT "task_runs_final_is_finished" CHECK (("finished_at" is not null) = ("state" not in ('PENDING', 'READY', 'RUNNING')))
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tasks_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"container_id" bigint NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"command" text NOT NULL,
	"shell" text DEFAULT '/bin/bash' NOT NULL,
	"directory" text,
	"environment" jsonb DEFAULT '{}' NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"timeout_seconds" integer DEFAULT 0 NOT NULL,
	"kill_grace_seconds" integer DEFAULT 10 NOT NULL,
	"max_retries" integer DEFAULT 0 NOT NULL,
	"retry_delay_seconds" integer DEFAULT 5 NOT NULL,
	"join" "join_rule" DEFAULT 'ALL'::"join_rule" NOT NULL,
	"keep_logs" boolean DEFAULT true NOT NULL,
	"x" double precision DEFAULT 0 NOT NULL,
	"y" double precision DEFAULT 0 NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	CONSTRAINT "tasks_container_id_name_key" UNIQUE("container_id","name"),
	CONSTRAINT "tasks_container_id_id_key" UNIQUE("container_id","id"),
	CONSTRAINT "tasks_name_length" CHECK (char_length("name") between 1 and 200),
	CONSTRAINT "tasks_timeout_seconds_range" CHECK ("timeout_seconds" >= 0),
	CONSTRAINT "tasks_kill_grace_seconds_range" CHECK ("kill_grace_seconds" >= 0),
	CONSTRAINT "tasks_max_retries_range" CHECK ("max_retries" between 0 and 100),
	CONSTRAINT "tasks_retry_delay_seconds_range" CHECK ("retry_delay_seconds" >= 0)
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "users_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"username" text NOT NULL,
	"display_name" text NOT NULL,
	"password_hash" text NOT NULL,
	"admin" boolean DEFAULT false NOT NULL,
	"password_change_required" boolean DEFAULT false NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	CONSTRAINT "users_username_length" CHECK (char_length("username") between 1 and 200)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "api_tokens_user_id_name_key" ON "api_tokens" ("user_id","name");--> statement-breakpoint
CREATE INDEX "attempts_living_index" ON "attempts" ("agent_id") WHERE "state" in ('STARTING', 'RUNNING');--> statement-breakpoint
CREATE UNIQUE INDEX "container_changes_container_id_version_key" ON "container_changes" ("container_id","version");--> statement-breakpoint
CREATE INDEX "log_chunks_task_run_id_index" ON "log_chunks" ("task_run_id","attempt","first_seq");--> statement-breakpoint
CREATE INDEX "log_chunks_last_at_index" ON "log_chunks" ("last_at","attempt_id","first_seq");--> statement-breakpoint
CREATE INDEX "log_chunks_container_id_index" ON "log_chunks" ("container_id","last_at");--> statement-breakpoint
CREATE INDEX "log_chunks_run_id_index" ON "log_chunks" ("run_id");--> statement-breakpoint
CREATE INDEX "relations_container_id_index" ON "relations" ("container_id");--> statement-breakpoint
CREATE INDEX "relations_downstream_id_index" ON "relations" ("downstream_id");--> statement-breakpoint
CREATE INDEX "runs_created_at_index" ON "runs" ("created_at","id");--> statement-breakpoint
CREATE INDEX "runs_container_id_index" ON "runs" ("container_id","created_at","id");--> statement-breakpoint
CREATE INDEX "runs_project_id_index" ON "runs" ("project_id","created_at","id");--> statement-breakpoint
CREATE INDEX "runs_finished_at_index" ON "runs" ("finished_at") WHERE "finished_at" is not null;--> statement-breakpoint
CREATE INDEX "runs_state_index" ON "runs" ("state","created_at","id");--> statement-breakpoint
CREATE INDEX "runs_version_id_index" ON "runs" ("version_id");--> statement-breakpoint
CREATE INDEX "runs_active_index" ON "runs" ("container_id","id") WHERE "state" in ('QUEUED', 'RUNNING');--> statement-breakpoint
CREATE INDEX "runs_deadline_at_index" ON "runs" ("deadline_at") WHERE "deadline_at" is not null and "state" = 'RUNNING';--> statement-breakpoint
CREATE UNIQUE INDEX "runs_one_queued_key" ON "runs" ("container_id") WHERE "state" = 'QUEUED' and not "single" and "cause" <> 'CATCH_UP';--> statement-breakpoint
CREATE UNIQUE INDEX "runs_idempotency_key" ON "runs" ("container_id","idempotency_key") WHERE "idempotency_key" is not null;--> statement-breakpoint
CREATE INDEX "schedules_next_fire_at_index" ON "schedules" ("next_fire_at") WHERE "next_fire_at" is not null;--> statement-breakpoint
CREATE INDEX "sessions_user_id_index" ON "sessions" ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_expires_at_index" ON "sessions" ("expires_at");--> statement-breakpoint
CREATE INDEX "slots_created_at_index" ON "slots" ("created_at");--> statement-breakpoint
CREATE INDEX "task_runs_created_at_index" ON "task_runs" ("created_at","id");--> statement-breakpoint
CREATE INDEX "task_runs_container_id_index" ON "task_runs" ("container_id","created_at","id");--> statement-breakpoint
CREATE INDEX "task_runs_active_index" ON "task_runs" ("created_at","id") WHERE "state" in ('PENDING', 'READY', 'RUNNING');--> statement-breakpoint
CREATE INDEX "task_runs_claim_index" ON "task_runs" ("priority" DESC,"ready_at","id") WHERE "state" = 'READY' and "released";--> statement-breakpoint
CREATE INDEX "task_runs_retry_at_index" ON "task_runs" ("retry_at") WHERE "state" = 'READY' and not "released" and "retry_at" is not null;--> statement-breakpoint
CREATE INDEX "task_runs_running_index" ON "task_runs" ("run_id") WHERE "state" = 'RUNNING';--> statement-breakpoint
CREATE UNIQUE INDEX "users_username_key" ON "users" (lower("username"));--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_task_run_id_task_runs_id_fkey" FOREIGN KEY ("task_run_id") REFERENCES "task_runs"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_agent_id_agents_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agents"("id");--> statement-breakpoint
ALTER TABLE "container_changes" ADD CONSTRAINT "container_changes_container_id_containers_id_fkey" FOREIGN KEY ("container_id") REFERENCES "containers"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "containers" ADD CONSTRAINT "containers_project_id_projects_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id");--> statement-breakpoint
ALTER TABLE "relations" ADD CONSTRAINT "relations_upstream_fkey" FOREIGN KEY ("container_id","upstream_id") REFERENCES "tasks"("container_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "relations" ADD CONSTRAINT "relations_downstream_fkey" FOREIGN KEY ("container_id","downstream_id") REFERENCES "tasks"("container_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_project_id_projects_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id");--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_version_id_container_versions_id_fkey" FOREIGN KEY ("version_id") REFERENCES "container_versions"("id");--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_container_id_containers_id_fkey" FOREIGN KEY ("container_id") REFERENCES "containers"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "task_runs" ADD CONSTRAINT "task_runs_run_id_runs_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_container_id_containers_id_fkey" FOREIGN KEY ("container_id") REFERENCES "containers"("id") ON DELETE CASCADE;