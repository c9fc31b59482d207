import { graphql } from "../graphql/tada.ts";

/** Lines of all runs, newest first, each with where it comes from. */
export const SearchLogsDocument = graphql(`
  query SearchLogs($filter: LogFilter!, $first: Int, $after: String, $last: Int, $before: String) {
    logs(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      edges {
        cursor
        node {
          attempt
          seq
          at
          stream
          text
          taskRun { id name task { id } run { id containerName createdAt startedAt container { id } } }
        }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

/** Names for the filter by task. */
export const TaskNamesDocument = graphql(`
  query TaskNames($containerId: ID!) { container(id: $containerId) { id tasks { id name } } }
`);

export const DeleteLogsDocument = graphql(`
  mutation DeleteLogs($filter: LogFilter!) {
    deleteLogs(filter: $filter) {
      __typename
      ... on DeletedLogsPayload { deletedLines }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);

/** How much output is stored. */
export const LogUsageDocument = graphql(`
  query LogUsage($project: String) { logUsage(project: $project) { bytes lines } }
`);
