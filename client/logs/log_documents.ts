import { graphql } from "../graphql/tada.ts";

const LogLineFragment = graphql(`
  fragment LogLine on LogLine { attempt seq at stream text partial }
`);

/** A page of what is stored, from either end or from a cursor. */
export const LogPageDocument = graphql(
  `
  query LogPage($taskRunId: ID!, $attempt: Int, $first: Int, $after: String, $last: Int, $before: String) {
    node(id: $taskRunId) {
      __typename
      ... on TaskRun {
        id
        log(attempt: $attempt, first: $first, after: $after, last: $last, before: $before) {
          edges { cursor node { ...LogLine } }
          pageInfo { hasPreviousPage hasNextPage }
        }
      }
    }
  }
`,
  [LogLineFragment],
);

/** The cursor in front of a line that an address names. */
export const LineCursorDocument = graphql(`
  query LineCursor($taskRunId: ID!, $attempt: Int!, $seq: Int!) {
    node(id: $taskRunId) {
      __typename
      ... on TaskRun { id lineCursor(attempt: $attempt, seq: $seq) }
    }
  }
`);

export const AttemptsDocument = graphql(`
  query LogAttempts($taskRunId: ID!) {
    node(id: $taskRunId) {
      __typename
      ... on TaskRun { id attempts { id number state startedAt } }
    }
  }
`);

/** Lines of one task run that the filter names: the newest with first, the oldest with last. */
export const FindLinesDocument = graphql(`
  query FindLines($filter: LogFilter!, $first: Int, $last: Int) {
    logs(filter: $filter, first: $first, last: $last) { edges { node { attempt seq } } }
  }
`);

export const LogTailDocument = graphql(
  `
  subscription LogTail($taskRunId: ID!, $after: String) {
    taskRunLog(taskRunId: $taskRunId, after: $after, partial: true) { cursor node { ...LogLine } }
  }
`,
  [LogLineFragment],
);
