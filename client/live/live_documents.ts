import { graphql } from "../graphql/tada.ts";

export const LiveTaskRunFragment = graphql(`
  fragment LiveTaskRun on TaskRun { id name state attempt startedAt finishedAt agent { id name } }
`);

export const LiveRunFragment = graphql(`
  fragment LiveRun on Run { id containerName createdAt startedAt }
`);

/** What runs now. One more than is shown says whether there is more. */
export const LiveTasksDocument = graphql(
  `
  query LiveTasks($project: String, $containerId: ID, $first: Int!) {
    taskRuns(first: $first, filter: { project: $project, containerId: $containerId, states: [RUNNING] }) {
      edges { node { ...LiveTaskRun run { ...LiveRun } } }
      pageInfo { hasNextPage }
    }
  }
`,
  [LiveTaskRunFragment, LiveRunFragment],
);

/** What became of tasks that no longer run. */
export const LiveEndedDocument = graphql(
  `
  query LiveEnded($ids: [ID!]!, $first: Int!) {
    taskRuns(first: $first, filter: { ids: $ids }) {
      edges { node { ...LiveTaskRun run { ...LiveRun } } }
    }
  }
`,
  [LiveTaskRunFragment, LiveRunFragment],
);

export const LiveEventsDocument = graphql(
  `
  subscription LiveEvents($project: String, $containerId: ID) {
    runEvents(project: $project, containerId: $containerId) {
      run { ...LiveRun }
      taskRuns { ...LiveTaskRun }
    }
  }
`,
  [LiveTaskRunFragment, LiveRunFragment],
);

export const CancelAllDocument = graphql(`
  mutation CancelAll($project: String, $containerId: ID) {
    cancelAllRuns(project: $project, containerId: $containerId) {
      __typename
      ... on CancelledPayload { count }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);

export const LiveLinesDocument = graphql(`
  subscription LiveLines($project: String, $containerId: ID) {
    liveLog(project: $project, containerId: $containerId, partial: true) {
      attempt
      seq
      at
      stream
      text
      partial
      taskRun { id }
    }
  }
`);
