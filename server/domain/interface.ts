/**
 * What the product can do: what resolvers and other callers are given.
 *
 * Every operation throws a DomainError (schema/errors.ts) when it refuses; its path is relative to the operation's own
 * input, and the mutation puts the name of its argument in front. An id that no global id can stand for is given as 0,
 * which is never found.
 */
import type { Accounts } from "./accounts/interface.ts";
import type { Agents } from "./agents/interface.ts";
import type { Audit } from "./audit/interface.ts";
import type { Containers, Definitions, Relations, Tasks, Versions } from "./containers/interface.ts";
import type { Crontabs } from "./crontab/interface.ts";
import type { Files } from "./files/interface.ts";
import type { Logs } from "./logs/interface.ts";
import type { Messages } from "./messages/interface.ts";
import type { Pauses } from "./pauses/interface.ts";
import type { Projects } from "./projects/interface.ts";
import type { Runs, Waits } from "./runs/interface.ts";
import type { Schedules } from "./schedules/interface.ts";
import type { Figures } from "./statistics/interface.ts";
import type { Variables } from "./variables/interface.ts";
import type { Watch } from "./watch/interface.ts";

/** What the product can do. Implemented by server/domain. */
export interface App {
  readonly accounts: Accounts;
  readonly audit: Audit;
  readonly pauses: Pauses;
  readonly projects: Projects;
  readonly agents: Agents;
  readonly containers: Containers;
  readonly crontabs: Crontabs;
  readonly files: Files;
  readonly tasks: Tasks;
  readonly relations: Relations;
  readonly runs: Runs;
  readonly logs: Logs;
  readonly schedules: Schedules;
  readonly definitions: Definitions;
  readonly waits: Waits;
  readonly variables: Variables;
  readonly versions: Versions;
  readonly watch: Watch;
  readonly figures: Figures;
  readonly messages: Messages;
}
