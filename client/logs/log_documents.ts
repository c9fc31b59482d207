import { graphql } from "../graphql/tada.ts";

export const LogLineFragment = graphql(`
  fragment LogLine on LogLine { attempt seq at stream text }
`);

/** A page of what is stored: the newest lines, or those before a cursor. */
export const LogPageDocument = graphql(
  `
  query LogPage($taskRunId: ID!, $last: Int!, $before: String) {
    node(id: $taskRunId) {
      __typename
      ... on TaskRun {
        id
        log(last: $last, before: $before) {
          edges { cursor node { ...LogLine } }
          pageInfo { hasPreviousPage startCursor endCursor }
        }
      }
    }
  }
`,
  [LogLineFragment],
);

export const LogTailDocument = graphql(
  `
  subscription LogTail($taskRunId: ID!, $after: String) {
    taskRunLog(taskRunId: $taskRunId, after: $after) { cursor node { ...LogLine } }
  }
`,
  [LogLineFragment],
);
