CREATE TABLE "slot_backlogs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "slot_backlogs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"container_id" bigint NOT NULL,
	"expression" text NOT NULL,
	"timezone" text NOT NULL,
	"missing_time" "missing_time" NOT NULL,
	"repeated_time" "repeated_time" NOT NULL,
	"anchor_at" timestamp(3) with time zone NOT NULL,
	"from_at" timestamp(3) with time zone NOT NULL,
	"until_at" timestamp(3) with time zone NOT NULL,
	"outcome" "slot_outcome" NOT NULL,
	"reason" text,
	"run_id" bigint,
	"late_before" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone DEFAULT date_trunc('milliseconds', clock_timestamp()) NOT NULL
);
