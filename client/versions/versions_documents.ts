import { DefinitionFragment } from "../containers/container_documents.ts";
import { graphql } from "../graphql/tada.ts";

export const VersionsDocument = graphql(`
  query Versions($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    container(id: $id) {
      id
      versions(first: $first, after: $after, last: $last, before: $before) {
        edges { node { version at summary summaryKey summaryValues author { id username displayName } } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
  }
`);

export const TwoVersionsDocument = graphql(`
  query TwoVersions($id: ID!, $newer: Int!, $older: Int!) {
    container(id: $id) {
      id
      newer: versionAt(version: $newer) {
        version
        at
        summary
        summaryKey
        summaryValues
        author { id username displayName }
        definition
      }
      older: versionAt(version: $older) { version definition }
    }
  }
`);

export const RestoreVersionDocument = graphql(
  `
  mutation RestoreVersion($id: ID!, $version: Int!, $expected: Int!) {
    restoreVersion(containerId: $id, version: $version, expectedVersion: $expected) {
      __typename
      ... on Container { ...Definition }
      ... on Error { code message path messageKey messageValues }
    }
  }
`,
  [DefinitionFragment],
);
