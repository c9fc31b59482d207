ALTER TABLE "agents" ADD COLUMN "boot_id" text;--> statement-breakpoint
ALTER TABLE "containers" ADD COLUMN "shadow" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "containers" ADD COLUMN "source" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "run_as" text;--> statement-breakpoint
CREATE INDEX "containers_source_index" ON "containers" ("project_id","source") WHERE "source" is not null;