ALTER TABLE "task_runs" ADD COLUMN "outputs" jsonb;--> statement-breakpoint
CREATE INDEX "task_runs_outputs_index" ON "task_runs" ("run_id") WHERE "outputs" is not null;