DROP INDEX "runs_cause_index";--> statement-breakpoint
CREATE INDEX "runs_cause_index" ON "runs" ("cause","created_at","id","state","container_id");