import { graphql } from "../graphql/tada.ts";

/** Tasks of all containers. */
export const TasksDocument = graphql(`
  query Tasks($first: Int, $after: String, $last: Int, $before: String, $filter: TaskFilter) {
    tasks(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
      edges {
        cursor
        node { id name description command enabled timeoutSeconds container { id name } }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      totalCount
    }
  }
`);

/** A task changes with its container. */
export const TaskEventsDocument = graphql(`
  subscription TaskEvents { containerEvents { kind containerId } }
`);

export const EnableTaskDocument = graphql(`
  mutation EnableTask($id: ID!, $enabled: Boolean!) {
    updateTask(input: { id: $id, enabled: $enabled }) {
      __typename
      ... on Task { id enabled }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);

export const RunTaskDocument = graphql(`
  mutation RunTask($taskId: ID!) {
    runTask(taskId: $taskId) {
      __typename
      ... on Run { id }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);
