/** The layers of the program as rules over its import graph. An arrow points down, or it is a fault. */

/** One import, as `deno info --json` tells it; paths from the project's root, packages as `npm:name`. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly kind: "code" | "type";
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
  ["server/lib/", "lib"],
  ["server/events/", "events"],
  ["server/health_checks.ts", "app"],
  ["server/config.ts", "config"],
  ["server/kept_secrets.ts", "secrets"],
  ["server/start_error.ts", "start"],
  ["server/log.ts", "log"],
  ["server/log_file.ts", "log"],
  ["server/pino_roll.d.ts", "log"],
  ["schema/graphql/", "graphql"],
  ["schema/tables/", "tables"],
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
  ["rules", "db", "events"],
  ["config", "secrets"],
  ["tables", "log"],
  ["schema", "start", "lib"],
];

/** What these parts may see, whatever lies beneath them. */
const narrow: Readonly<Record<string, readonly string[]>> = {
  rules: ["rules", "lib", "schema"],
  // The agent also runs where there is no server: it knows the words for states and our small tools, and nothing else.
  agent: ["agent", "lib", "schema/states.ts"],
  client: ["client", "schema/states.ts", "schema/script_shape.ts"],
};

/**
 * Arrows that are right although a rule forbids them: the port is what the domain and the agent have agreed on, and the
 * console is compiled against the refusals that it has to say in its languages.
 */
const exceptions: readonly Edge[] = [
  { from: "client/", to: "schema/sentences.ts", kind: "type" },
  { from: "server/domain/", to: "server/agent/port.ts", kind: "type" },
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
  if (from === to || exceptions.some((exception) => covers(exception, edge))) return null;
  const seen = narrow[from];
  if (seen !== undefined) {
    return seen.includes(to) || seen.includes(edge.to) ? null : `${from} may see ${seen.join(", ")} alone`;
  }
  if (to === "agent" && from === "http") return "only engine and what opens it see the agent";
  return rankOf(from) < rankOf(to) ? null : `${from} is not above ${to}`;
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
    (module.dependencies ?? []).flatMap(({ code, type }): readonly Edge[] => {
      const from = nameOf(root, module.specifier);
      const to = nameOf(root, code?.specifier ?? type?.specifier ?? "", true);
      return from === null || to === null ? [] : [{ from, to, kind: code === undefined ? "type" : "code" }];
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
