-- LZ4 takes half the time of PostgreSQL's own compression; not every server is built with it. New rows only.
DO $$
DECLARE
  chunks regclass;
BEGIN
  IF EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
    ALTER TABLE "log_chunks" ALTER COLUMN "body" SET COMPRESSION lz4;
    FOR chunks IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'log_chunks'::regclass LOOP
      EXECUTE format('ALTER TABLE %s ALTER COLUMN "body" SET COMPRESSION lz4', chunks);
    END LOOP;
  END IF;
END $$;
