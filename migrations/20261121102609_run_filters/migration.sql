CREATE INDEX "runs_container_id_state_index" ON "runs" ("container_id","state","created_at","id");--> statement-breakpoint
CREATE INDEX "runs_cause_index" ON "runs" ("cause","created_at","id");