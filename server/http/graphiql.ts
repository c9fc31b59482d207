/** The playground for a signed-in person: everything in one page, under a policy of its own. */
import { createHash } from "node:crypto";

const TITLE = "Orrery API";
const FIRST_QUERY = `# Everything that the console does is done here. Ctrl-Enter runs what stands below.
query Containers {
  containers(first: 10) {
    edges {
      node { id name version lastRun { state finishedAt } nextFires(count: 1) }
    }
  }
}
`;

interface Page {
  readonly html: string;
  readonly policy: string;
}

/** Loaded when somebody first asks for it: it is nine megabytes. */
export function createGraphiql(): { respond(): Promise<Response> } {
  let page: Promise<Page> | null = null;
  return {
    async respond(): Promise<Response> {
      const { html, policy } = await (page ??= makePage());
      return new Response(html, {
        headers: {
          "content-type": "text/html; charset=utf-8",
          "cache-control": "no-store",
          "content-security-policy": policy,
        },
      });
    },
  };
}

async function makePage(): Promise<Page> {
  const { renderGraphiQL } = await import("@graphql-yoga/render-graphiql");
  const html = renderGraphiQL({
    title: TITLE,
    // As seen from this page, which asks its own address.
    favicon: "favicon.svg",
    headers: JSON.stringify({ "x-orrery-csrf": "1" }),
    defaultQuery: FIRST_QUERY,
    subscriptionsProtocol: "GRAPHQL_SSE",
  });
  const script = html.slice(html.indexOf("<script>") + "<script>".length, html.lastIndexOf("</script>"));
  const hash = createHash("sha256").update(script).digest("base64");
  // Its editor makes its workers from text, and styles as it goes.
  const policy = `default-src 'self'; script-src 'sha256-${hash}'; style-src 'self' 'unsafe-inline'; ` +
    "img-src 'self' data:; font-src 'self' data:; worker-src blob:; connect-src 'self'; frame-ancestors 'none'";
  return { html, policy };
}
