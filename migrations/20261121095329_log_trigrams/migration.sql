ALTER TABLE "log_chunks" ADD COLUMN "trigrams" bit(8192);--> statement-breakpoint
-- Searches read it of every chunk: it lies in the row, of the partitions that are there too.
ALTER TABLE "log_chunks" ALTER COLUMN "trigrams" SET STORAGE PLAIN;
