import { graphql } from "../graphql/tada.ts";

export const AuditDocument = graphql(`
  query Audit($first: Int, $after: String, $last: Int, $before: String, $filter: AuditFilter) {
    audit(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
      edges { cursor node { id at action actorName address source subject changes } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);
