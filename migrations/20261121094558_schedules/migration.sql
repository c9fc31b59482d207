CREATE TYPE "missing_time" AS ENUM('SKIP', 'SHIFT');--> statement-breakpoint
CREATE TYPE "repeated_time" AS ENUM('FIRST', 'SECOND', 'BOTH');--> statement-breakpoint
ALTER TABLE "schedules" ADD COLUMN "missing_time" "missing_time" DEFAULT 'SHIFT'::"missing_time" NOT NULL;--> statement-breakpoint
ALTER TABLE "schedules" ADD COLUMN "repeated_time" "repeated_time" DEFAULT 'FIRST'::"repeated_time" NOT NULL;--> statement-breakpoint
ALTER TABLE "schedules" ADD COLUMN "late_after_seconds" integer DEFAULT 300 NOT NULL;--> statement-breakpoint
ALTER TABLE "schedules" ADD COLUMN "max_catch_up" integer DEFAULT 100 NOT NULL;--> statement-breakpoint
ALTER TABLE "schedules" ADD COLUMN "fault" text;--> statement-breakpoint
ALTER TABLE "slots" ADD COLUMN "late_at" timestamp(3) with time zone;--> statement-breakpoint
CREATE INDEX "slots_late_or_missed_index" ON "slots" ("at") WHERE "outcome" = 'MISSED' or "late_at" is not null;--> statement-breakpoint
CREATE INDEX "slots_skipped_index" ON "slots" ("at") WHERE "outcome" = 'SKIPPED';--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_late_after_seconds_range" CHECK ("late_after_seconds" >= 1);--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_max_catch_up_range" CHECK ("max_catch_up" >= 1);