/** The API: every file here adds its part to the builder; this one builds the schema of them. */
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from "graphql";
import "./agent.ts";
import "./attempt.ts";
import "./audit.ts";
import { builder } from "./builder.ts";
import "./container_figures.ts";
import "./container_list.ts";
import "./container_mutations.ts";
import "./crontab.ts";
import "./figures.ts";
import "./files.ts";
import "./log.ts";
import "./log_usage.ts";
import "./message.ts";
import "./node.ts";
import "./pause.ts";
import "./project.ts";
import "./project_members.ts";
import "./project_mutations.ts";
import "./relation.ts";
import "./run.ts";
import "./run_mutations.ts";
import "./scalars.ts";
import "./schedule.ts";
import "./server.ts";
import "./slot.ts";
import "./subscriptions.ts";
import "./task.ts";
import "./task_mutations.ts";
import "./task_run.ts";
import "./user.ts";
import "./user_mutations.ts";
import "./variable.ts";
import "./waiting.ts";

export function buildSchema(): GraphQLSchema {
  return builder.toSchema();
}

/** The schema as text, in alphabetical order, so that a change of the code's order is no change of the text. */
export function printApi(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
