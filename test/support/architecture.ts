/** The layers of the program as rules over its import graph. An arrow points down, or it is a fault. */

/** One import, as `deno info --json` tells it; paths from the project's root, packages as `npm:name`. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  /** "lazy" is code that is fetched when it is needed. */
  readonly kind: "code" | "lazy" | "type";
}

/** Where a file belongs, by the longest beginning of its path. */
const parts: readonly (readonly [string, string])[] = [
  ["server/main.ts", "main"],
  ["server/cli/", "cli"],
  ["server/app.ts", "app"],
  ["server/http/", "http"],
  ["server/engine/", "engine"],
  ["server/agent/", "agent"],
  ["server/domain/rules/", "rules"],
  ["server/domain/", "domain"],
  ["server/db/", "db"],
  ["server/vault/", "vault"],
  ["server/lib/", "lib"],
  ["server/events/", "events"],
  ["server/health_checks.ts", "app"],
  ["server/server_vault.ts", "app"],
  ["server/config.ts", "config"],
  ["server/kept_secrets.ts", "secrets"],
  ["server/start_error.ts", "start"],
  ["server/version.ts", "start"],
  ["server/paths.ts", "start"],
  ["server/log.ts", "log"],
  ["server/log_file.ts", "log"],
  ["schema/graphql/", "graphql"],
  ["schema/tables/", "tables"],
  ["schema/definition/", "definition"],
  ["schema/", "schema"],
  ["client/", "client"],
];

/** From the top down. Parts of one layer never see each other. */
const layers: readonly (readonly string[])[] = [
  ["main"],
  ["cli"],
  ["app"],
  ["http", "engine"],
  ["graphql"],
  ["domain", "agent"],
  ["rules", "events", "vault"],
  ["db"],
  ["config", "secrets"],
  ["tables", "log"],
  ["definition"],
  ["schema", "start", "lib"],
];

/** What these parts may see, whatever lies beneath them. */
const narrow: Readonly<Record<string, readonly string[]>> = {
  rules: ["rules", "definition", "lib", "schema"],
  // The agent also runs where there is no server: it knows what a task is, states, sentences and our small tools, and no more.
  agent: ["agent", "definition", "lib", "schema/states.ts", "schema/sentences.ts"],
  client: ["client", "definition", "schema/states.ts", "schema/script_shape.ts"],
};

/**
 * Arrows that are right although a rule forbids them: the port is what the domain and the agent have agreed on, and the
 * console is compiled against the sentences that it has to say in its languages.
 */
const exceptions: readonly Edge[] = [
  { from: "client/", to: "schema/sentences.ts", kind: "type" },
  { from: "client/", to: "schema/sentences/stored.ts", kind: "code" },
  { from: "server/domain/", to: "server/agent/port.ts", kind: "type" },
];

/** Folders of the console that every feature is made of; all others are features. */
const buildingBlocks: readonly string[] = [
  "charts",
  "dag",
  "editor",
  "graphql",
  "i18n",
  "lib",
  "logs",
  "styles",
  "ui",
];

/** What a feature shows of another one at once, and not when it is opened; and the one thing that services know of one. */
const shownAtOnce: readonly Edge[] = [
  // The same form for the first password and for a later one.
  { from: "client/account/AccountPage.tsx", to: "client/sign_in/PasswordForm.tsx", kind: "code" },
  // Pages that are put together from what others show.
  { from: "client/containers/RecentRuns.tsx", to: "client/runs/RunsTable.tsx", kind: "code" },
  { from: "client/live/LiveRunCard.tsx", to: "client/runs/Cancel.tsx", kind: "code" },
  { from: "client/overview/OverviewPage.tsx", to: "client/hosts/HostPanel.tsx", kind: "code" },
  { from: "client/overview/OverviewPage.tsx", to: "client/schedule/UpcomingStrip.tsx", kind: "code" },
  { from: "client/shell/TopBar.tsx", to: "client/messages/MessageBell.tsx", kind: "code" },
  // Every component may ask who is signed in.
  { from: "client/lib/services.ts", to: "client/sign_in/session.ts", kind: "type" },
];

/** Packages with one home. */
const homes: Readonly<Record<string, string>> = {
  "npm:cytoscape": "client/dag/",
  "npm:chart.js": "client/charts/",
  "npm:@codemirror/view": "client/editor/",
  "npm:@codemirror/state": "client/editor/",
  "npm:diff": "client/lib/",
  "npm:croner": "server/domain/rules/",
  "npm:cronstrue": "server/domain/rules/",
  "npm:postgres": "server/db/",
  "npm:graphql-yoga": "server/http/",
  "npm:@pothos/core": "schema/graphql/",
};

/** One sentence for each arrow that points the wrong way; none when all is well. */
export function findFaults(edges: readonly Edge[]): readonly string[] {
  const faults = edges.flatMap((edge) => {
    const fault = edge.to.startsWith("npm:") ? faultOfPackage(edge) : faultOfFile(edge);
    return fault === null ? [] : [`${edge.from} -> ${edge.to} (${edge.kind}): ${fault}`];
  });
  return [...new Set(faults)].sort();
}

function faultOfPackage({ from, to }: Edge): string | null {
  const home = homes[to];
  return home === undefined || from.startsWith(home)
    ? null
    : `only ${home} imports ${to.slice("npm:".length)}`;
}

function faultOfFile(edge: Edge): string | null {
  const [from, to] = [partOf(edge.from), partOf(edge.to)];
  if (from === null || to === null) return `${from === null ? edge.from : edge.to} belongs to no part`;
  if (from === "client" && to === "client") return faultInConsole(edge);
  if (from === to || exceptions.some((exception) => covers(exception, edge))) return null;
  const seen = narrow[from];
  if (seen !== undefined) {
    return seen.includes(to) || seen.includes(edge.to) ? null : `${from} may see ${seen.join(", ")} alone`;
  }
  if (to === "agent" && from === "http") return "only engine and what opens it see the agent";
  return rankOf(from) < rankOf(to) ? null : `${from} is not above ${to}`;
}

function faultInConsole(edge: Edge): string | null {
  const [from, to] = [featureOf(edge.from), featureOf(edge.to)];
  // What lies in client/ itself puts the features together.
  if (from === null || to === null || from === to || buildingBlocks.includes(to)) return null;
  if (from === "i18n" && /\/words_\w+\.ts$/.test(edge.to)) return null;
  if (shownAtOnce.some((exception) => covers(exception, edge))) return null;
  if (buildingBlocks.includes(from)) return `${from} is what features are made of, and knows none`;
  return edge.kind !== "lazy" && /\.(?:tsx|css)$/.test(edge.to)
    ? `${from} may show what is ${to}'s only when it is opened`
    : null;
}

function featureOf(path: string): string | null {
  return /^client\/(\w+)\//.exec(path)?.[1] ?? null;
}

/** The imports that lie on a circle, or lead from one to another. Types are gone, and lazy code comes later. */
export function findCircles(edges: readonly Edge[]): readonly Edge[] {
  let left = edges.filter(({ kind }) => kind === "code");
  for (;;) {
    const [sources, targets] = [new Set(left.map(({ from }) => from)), new Set(left.map(({ to }) => to))];
    const fewer = left.filter(({ from, to }) => targets.has(from) && sources.has(to));
    if (fewer.length === left.length) return left;
    left = fewer;
  }
}

function covers(exception: Edge, edge: Edge): boolean {
  return edge.from.startsWith(exception.from) && edge.to === exception.to && edge.kind === exception.kind;
}

function partOf(path: string): string | null {
  return parts.find(([beginning]) => path.startsWith(beginning))?.[1] ?? null;
}

/** The client is beside the server: nothing there is above or beneath it. */
function rankOf(part: string): number {
  const rank = layers.findIndex((layer) => layer.includes(part));
  return rank === -1 ? -Infinity : rank;
}

/** What can be loaded first: all else is reached from these. Workers are started by their address, not imported. */
export const entryPoints = ["server/main.ts", "client/main.tsx"];

interface ModuleGraph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly code?: { readonly specifier?: string };
      readonly type?: { readonly specifier?: string };
      readonly isDynamic?: boolean;
    }[];
  }[];
}

/** Every import of ours that can be reached from one file. The root is the address of the project's folder. */
export async function readEdges(root: URL, entryPoint: string): Promise<readonly Edge[]> {
  const command = new Deno.Command(Deno.execPath(), { args: ["info", "--json", entryPoint], cwd: root });
  const { success, stdout, stderr } = await command.output();
  if (!success) {
    throw new Error(`Cannot read the imports of ${entryPoint}: ${new TextDecoder().decode(stderr)}`);
  }
  // Deno's own format, as the interface says it.
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as ModuleGraph;
  return modules.filter(({ specifier }) => nameOf(root, specifier) !== null).flatMap((module) =>
    (module.dependencies ?? []).flatMap(({ code, type, isDynamic }): readonly Edge[] => {
      const from = nameOf(root, module.specifier);
      const to = nameOf(root, code?.specifier ?? type?.specifier ?? "", true);
      return from === null || to === null
        ? []
        : [{ from, to, kind: code === undefined ? "type" : isDynamic ? "lazy" : "code" }];
    })
  );
}

/** A path from the root, or the package of an address such as npm:/croner@11.0.1; null for anything else. */
function nameOf(root: URL, specifier: string, packages = false): string | null {
  if (specifier.startsWith(root.href)) {
    const path = decodeURIComponent(specifier.slice(root.href.length));
    return path.startsWith("node_modules/") ? null : path;
  }
  const name = /^npm:\/?((?:@[^/@]+\/)?[^/@]+)/.exec(specifier)?.[1];
  return packages && name !== undefined ? `npm:${name}` : null;
}
