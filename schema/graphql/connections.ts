/** The types that a page is shown with. */
import type { ObjectRef } from "@pothos/core";
import { type ApiTypes, builder } from "./builder.ts";
import type { CountedPage, Page } from "./pages.ts";

interface PageInfo {
  readonly page: Page<unknown>;
}

const PageInfoType = builder.objectRef<PageInfo>("PageInfo").implement({
  description: "Where a page lies in its list.",
  fields: (t) => ({
    hasNextPage: t.boolean({
      description: "True when the list goes on behind this page, whichever way the page was asked for.",
      resolve: ({ page }) => page.hasNextPage(),
    }),
    hasPreviousPage: t.boolean({
      description: "True when the list has something before this page, whichever way the page was asked for.",
      resolve: ({ page }) => page.hasPreviousPage(),
    }),
    startCursor: t.string({
      nullable: true,
      description: "Cursor of the first edge; null when the page is empty.",
      resolve: ({ page }) => page.edges.at(0)?.cursor ?? null,
    }),
    endCursor: t.string({
      nullable: true,
      description: "Cursor of the last edge; null when the page is empty.",
      resolve: ({ page }) => page.edges.at(-1)?.cursor ?? null,
    }),
  }),
});

type EdgeRef<Row> = ObjectRef<ApiTypes, { readonly cursor: string; readonly node: Row }>;

/** The types NAMEEdge and NAMEConnection. */
export function connectionType<Row extends object>(
  node: ObjectRef<ApiTypes, Row>,
  name: string,
  description: string,
  Edge: EdgeRef<Row> = edgeType(node, name),
): ObjectRef<ApiTypes, Page<Row>> {
  return builder.objectRef<Page<Row>>(`${name}Connection`).implement({
    description,
    fields: (t) => ({
      edges: t.field({
        type: [Edge],
        description: "The page, in the order of the list.",
        // The size of the page is counted where it is asked for.
        complexity: { field: 0, multiplier: 1 },
        resolve: (page) => page.edges,
      }),
      pageInfo: t.field({
        type: PageInfoType,
        description: "Where the page lies in its list.",
        resolve: (page) => ({ page }),
      }),
    }),
  });
}

export function edgeType<Row extends object>(
  node: ObjectRef<ApiTypes, Row>,
  name: string,
): EdgeRef<Row> {
  return builder.objectRef<{ readonly cursor: string; readonly node: Row }>(`${name}Edge`).implement({
    description: `A ${name} in a list.`,
    fields: (t) => ({
      cursor: t.exposeString("cursor", {
        description: "Where it stands in the list, for after and before; opaque.",
      }),
      node: t.field({
        type: node,
        description: "What stands there.",
        // Row is what the type takes; Pothos cannot resolve its conditional types for a type that is not known yet.
        resolve: (edge) => edge.node as never,
      }),
    }),
  });
}

/** The same with totalCount, which is counted only when it is selected. */
export function countedConnectionType<Row extends object>(
  node: ObjectRef<ApiTypes, Row>,
  name: string,
  description: string,
): ObjectRef<ApiTypes, CountedPage<Row>> {
  // The fields of a page that a counted page has as well; the field below needs the rest.
  const type = connectionType(node, name, description) as ObjectRef<ApiTypes, CountedPage<Row>>;
  builder.objectField(type, "totalCount", (t) =>
    t.int({
      description: `How many match in all, whatever the page${
        name === "Run" ? "; exact up to 10,000 and capped there" : ""
      }.`,
      resolve: (page) => page.totalCount(),
    }));
  return type;
}
