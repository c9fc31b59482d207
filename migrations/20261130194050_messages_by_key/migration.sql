-- What was written as a text becomes the sentence that has no other key than TEXT.
CREATE FUNCTION pg_temp.as_sentence(words text) RETURNS jsonb LANGUAGE sql IMMUTABLE STRICT
  RETURN jsonb_build_object('key', 'TEXT', 'values', jsonb_build_object('text', words));--> statement-breakpoint
ALTER TABLE "attempts" ALTER COLUMN "reason" SET DATA TYPE jsonb USING pg_temp.as_sentence("reason");--> statement-breakpoint
ALTER TABLE "container_changes" ALTER COLUMN "summary" SET DATA TYPE jsonb USING pg_temp.as_sentence("summary");--> statement-breakpoint
-- Both at once, since each rewrites the table.
ALTER TABLE "runs" ALTER COLUMN "reason" SET DATA TYPE jsonb USING pg_temp.as_sentence("reason"),
  ALTER COLUMN "stop_reason" SET DATA TYPE jsonb USING pg_temp.as_sentence("stop_reason");--> statement-breakpoint
ALTER TABLE "slots" ALTER COLUMN "reason" SET DATA TYPE jsonb USING pg_temp.as_sentence("reason");--> statement-breakpoint
ALTER TABLE "task_runs" ALTER COLUMN "reason" SET DATA TYPE jsonb USING pg_temp.as_sentence("reason");--> statement-breakpoint
ALTER TABLE "messages" ALTER COLUMN "text" SET DATA TYPE jsonb USING pg_temp.as_sentence("text");--> statement-breakpoint
ALTER TABLE "schedules" ALTER COLUMN "fault" SET DATA TYPE jsonb USING pg_temp.as_sentence("fault");--> statement-breakpoint
ALTER TABLE "slot_backlogs" ALTER COLUMN "reason" SET DATA TYPE jsonb USING pg_temp.as_sentence("reason");
