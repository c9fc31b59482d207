/** The built console: a few files, read once and kept in memory, so that no path of a request reaches the disk. */
import { createHash } from "node:crypto";
import { extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Arrival } from "./caller.ts";

const DIST = fileURLToPath(new URL("../../client/dist", import.meta.url));
const YEAR_SECONDS = 31_536_000;
/** Their names change with their content. */
const HASHED = "/assets/";
const ENCODINGS = [["br", ".br"], ["gzip", ".gz"]] as const;

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

export const CONSOLE_POLICY = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data:; worker-src 'self'; connect-src 'self'; frame-ancestors 'none'";

const NOT_BUILT = "The console is not built yet: start with `deno task start`, which builds it, or run " +
  "`deno run -A client/build.ts`. The API answers at /graphql all the same.\n";

interface ConsoleFile {
  readonly type: string;
  readonly etag: string;
  readonly cacheControl: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly encoded: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

interface ConsoleFiles {
  /** Null when there is no such file and the path is none of the console's pages. */
  respond(arrival: Pick<Arrival, "request" | "prefix">): Response | null;
}

export async function openConsoleFiles(): Promise<ConsoleFiles> {
  const contents = await readTree(DIST);
  const files = new Map<string, ConsoleFile>();
  for (const [path, body] of contents) {
    const type = TYPES[extname(path)];
    if (type !== undefined) files.set(path, describeFile(path, type, body, contents));
  }
  const index = files.get("/index.html");
  return {
    respond({ request, prefix }): Response | null {
      const { pathname } = new URL(request.url);
      const file = files.get(pathname);
      if (file !== undefined) return respondWith(file, request);
      // The console has pages of its own below any path for whoever reads pages, but a file that is not there is not
      // there; the root is a page for everybody.
      const page = pathname === "/" ||
        (extname(pathname) === "" && (request.headers.get("accept")?.includes("text/html") ?? false));
      if (!page) return null;
      if (index === undefined) return new Response(NOT_BUILT, { status: 503 });
      return respondWith(prefix === "" ? index : pageBelow(prefix, index), request);
    },
  };
}

/** The page with the addresses that it has at the root of a host; all others are made from where its files came from. */
function pageBelow(prefix: string, { body }: ConsoleFile): ConsoleFile {
  const page = new TextDecoder().decode(body).replaceAll('="/', `="${prefix}/`);
  return describeFile("/index.html", TYPES[".html"] ?? "", new TextEncoder().encode(page), new Map());
}

function describeFile(
  path: string,
  type: string,
  body: Uint8Array<ArrayBuffer>,
  contents: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
): ConsoleFile {
  return {
    type,
    etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`,
    cacheControl: path.startsWith(HASHED) ? `public, max-age=${YEAR_SECONDS}, immutable` : "no-cache",
    body,
    encoded: new Map(ENCODINGS.flatMap(([encoding, suffix]) => {
      const compressed = contents.get(path + suffix);
      return compressed === undefined ? [] : [[encoding, compressed]];
    })),
  };
}

function respondWith({ type, etag, cacheControl, body, encoded }: ConsoleFile, request: Request): Response {
  const headers = new Headers({
    "content-type": type,
    "cache-control": cacheControl,
    etag,
    vary: "accept-encoding",
    "content-security-policy": CONSOLE_POLICY,
  });
  if (request.headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers });
  const accepted = request.headers.get("accept-encoding") ?? "";
  const encoding = [...encoded.keys()].find((name) => accepted.includes(name));
  if (encoding !== undefined) headers.set("content-encoding", encoding);
  const bytes = (encoding === undefined ? undefined : encoded.get(encoding)) ?? body;
  headers.set("content-length", String(bytes.length));
  return new Response(request.method === "HEAD" ? null : bytes, { headers });
}

async function readTree(root: string): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const contents = new Map<string, Uint8Array<ArrayBuffer>>();
  async function read(directory: string): Promise<void> {
    for await (const entry of Deno.readDir(directory)) {
      const path = join(directory, entry.name);
      if (entry.isDirectory) await read(path);
      else contents.set(`/${relative(root, path)}`, await Deno.readFile(path));
    }
  }
  try {
    await read(root);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return contents;
}
