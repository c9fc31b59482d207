ALTER TABLE "container_changes" ADD COLUMN "settings" jsonb;--> statement-breakpoint
ALTER TABLE "container_changes" ADD COLUMN "undo" jsonb;