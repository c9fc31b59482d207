ALTER TABLE "projects" ADD COLUMN "log_retention_days" integer;--> statement-breakpoint
CREATE INDEX "log_chunks_project_id_index" ON "log_chunks" ("project_id","last_at");--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_log_retention_days_range" CHECK ("log_retention_days" between 1 and 36500);