/** Servers: the processes that serve this API over one database. */
import { sql } from "drizzle-orm";
import { agents } from "../tables/agent.ts";
import type { servers } from "../tables/server.ts";
import { isOnline } from "../../server/domain/agents/eligible.ts";
import { Agent } from "./agent.ts";
import { builder } from "./builder.ts";
import { NodeInterface } from "./node.ts";
import { planQuery } from "./plan.ts";

/** A server updates its row every five seconds. */
const ONLINE_SECONDS = 15;
const MAX_SERVERS = 100;
const LISTED_HOURS = 24;

const Server = builder.drizzleObject("servers", {
  name: "Server",
  description:
    "A server process that serves this API. All servers share one database and have the same role; any of them can stop without affecting the others.",
  interfaces: [NodeInterface],
  select: { columns: { id: true } },
  fields: (t) => ({
    name: t.exposeString("name", { description: "The host name of the server's machine." }),
    url: t.exposeString("url", {
      nullable: true,
      description: "The URL at which agents can reach the server. Null if not configured.",
    }),
    version: t.exposeString("version", { description: "The program version." }),
    startedAt: t.expose("startedAt", { type: "DateTime", description: "When the server was started." }),
    lastSeenAt: t.expose("lastSeenAt", {
      type: "DateTime",
      description: "When the server last updated its heartbeat in the database.",
    }),
    online: t.boolean({
      description: `True if the last heartbeat is at most ${ONLINE_SECONDS} seconds old.`,
      select: {
        columns: {},
        extras: {
          online: (table: typeof servers) =>
            sql<boolean>`${table.lastSeenAt} > clock_timestamp() - make_interval(secs => ${ONLINE_SECONDS})`,
        },
      },
      resolve: ({ online }) => online,
    }),
    agentCount: t.int({
      description: "The number of agents connected to the server.",
      select: {
        columns: {},
        extras: {
          agentCount: (table: typeof servers) =>
            sql<number>`(select count(*)::int from ${agents} where ${agents.serverId} = ${table.id} and ${
              isOnline(agents.lastSeenAt)
            })`,
        },
      },
      resolve: ({ agentCount }) => agentCount,
    }),
  }),
});

builder.drizzleObjectField(Agent, "server", (t) =>
  t.field({
    type: Server,
    nullable: true,
    description: "The server that the agent is connected to. Null if it is not connected.",
    select: (_args, _context, nested) => ({
      columns: {},
      with: { server: nested() },
      extras: { online: (table: typeof agents) => isOnline(table.lastSeenAt) },
    }),
    resolve: ({ online, server }) => online ? server : null,
  }));

builder.queryField("servers", (t) =>
  t.field({
    type: [Server],
    description:
      `Servers that were online within the last ${LISTED_HOURS} hours, most recently started first. At most ${MAX_SERVERS}.`,
    resolve: (_root, _args, context, info) =>
      context.db.query.servers.findMany(planQuery(context, info, "Server", {
        columns: { id: true },
        where: {
          RAW: (table: typeof servers) =>
            sql`${table.lastSeenAt} > clock_timestamp() - make_interval(hours => ${LISTED_HOURS})`,
        },
        orderBy: (table: typeof servers) => [sql`${table.startedAt} desc`, sql`${table.id}`],
        limit: MAX_SERVERS,
      })),
  }));
