CREATE UNLOGGED TABLE "partial_lines" (
	"attempt_id" bigint,
	"stream" text,
	"start_offset" bigint NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"text" text NOT NULL,
	CONSTRAINT "partial_lines_pkey" PRIMARY KEY("attempt_id","stream")
);
