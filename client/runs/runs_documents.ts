import { graphql } from "../graphql/tada.ts";

/** A run as one line of a list. */
export const RunRowFragment = graphql(`
  fragment RunRow on Run {
    id
    number
    containerName
    container { id }
    state
    cause
    single
    createdAt
    startedAt
    finishedAt
    reason
    reasonKey
    reasonValues
    startedBy { id displayName }
  }
`);

export const RunsDocument = graphql(
  `
  query Runs($first: Int, $after: String, $last: Int, $before: String, $filter: RunFilter) {
    runs(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
      edges { cursor node { ...RunRow } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      totalCount
    }
  }
`,
  [RunRowFragment],
);

/** Thirteen weeks, without the days to come of the last one. */
export const CalendarDocument = graphql(`
  query Calendar($timezone: String!) {
    runOutcomes(days: 90, timezone: $timezone) { day succeeded failed cancelled }
  }
`);

export const RunListEventsDocument = graphql(
  `
  subscription RunListEvents($containerId: ID) {
    runEvents(containerId: $containerId) { run { ...RunRow } }
  }
`,
  [RunRowFragment],
);

export const CancelRunDocument = graphql(
  `
  mutation CancelRun($id: ID!) {
    cancelRun(id: $id) {
      __typename
      ... on Run { ...RunRow }
      ... on Error { code message path messageKey messageValues }
    }
  }
`,
  [RunRowFragment],
);

export const CancelTaskRunDocument = graphql(
  `
  mutation CancelTaskRun($id: ID!) {
    cancelTaskRun(id: $id) {
      __typename
      ... on Run { ...RunRow }
      ... on Error { code message path messageKey messageValues }
    }
  }
`,
  [RunRowFragment],
);

export const RetryRunDocument = graphql(
  `
  mutation RetryRun($id: ID!, $fromFailed: Boolean!, $fromTaskRunIds: [ID!]) {
    retryRun(id: $id, fromFailed: $fromFailed, fromTaskRunIds: $fromTaskRunIds) {
      __typename
      ... on Run { ...RunRow }
      ... on Error { code message path messageKey messageValues }
    }
  }
`,
  [RunRowFragment],
);
