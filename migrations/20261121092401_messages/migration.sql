CREATE TYPE "message_kind" AS ENUM('RUN_FAILED', 'SLOT_MISSED', 'RUN_LATE', 'RUN_RECOVERED', 'CONTAINER_CHANGED');--> statement-breakpoint
CREATE TABLE "message_marks" (
	"user_id" bigint PRIMARY KEY,
	"read_up_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "messages_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL,
	"kind" "message_kind" NOT NULL,
	"project_id" bigint NOT NULL,
	"container_id" bigint NOT NULL,
	"container_name" text NOT NULL,
	"run_id" bigint,
	"actor_id" bigint,
	"text" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "messages_at_index" ON "messages" ("at","id");--> statement-breakpoint
ALTER TABLE "message_marks" ADD CONSTRAINT "message_marks_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;