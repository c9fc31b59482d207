DROP INDEX "runs_container_id_index";--> statement-breakpoint
CREATE INDEX "runs_container_id_index" ON "runs" ("container_id","created_at","id","state","started_at","finished_at");--> statement-breakpoint
DROP INDEX "runs_state_index";--> statement-breakpoint
CREATE INDEX "runs_state_index" ON "runs" ("state","created_at","id","project_id");--> statement-breakpoint
DROP INDEX "runs_cause_index";--> statement-breakpoint
CREATE INDEX "runs_cause_index" ON "runs" ("cause","created_at","id","state","container_id","project_id");