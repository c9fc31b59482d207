import { graphql } from "../graphql/tada.ts";
import { RunRowFragment } from "../runs/runs_documents.ts";

/** Counters, and what needs somebody: what failed last, what has waited for long, agents that are away. */
export const OverviewDocument = graphql(`
  query Overview($waitingBefore: DateTime!, $timezone: String!) {
    overview(timezone: $timezone) {
      containers
      enabledContainers
      running
      waiting
      succeededToday
      failedToday
      cancelledToday
      lateToday
      missedToday
    }
    didNotRun(first: 100) { at kind reason reasonKey reasonValues container { id name } run { id } }
    failed: containers(first: 8, filter: { states: [FAILED] }, orderBy: LAST_RUN) {
      edges { node { id name lastRun { id createdAt finishedAt reason reasonKey reasonValues } } }
      pageInfo { hasNextPage }
    }
    agents(project: null) { id name online lastSeenAt }
    stuck: taskRuns(last: 20, filter: { states: [READY], readyBefore: $waitingBefore }) {
      edges {
        node {
          id
          name
          readyAt
          run { id containerName }
          waitingFor {
            __typename
            ... on WaitingForAgent { message messageKey messageValues }
            ... on WaitingForSlot { message messageKey messageValues }
            ... on WaitingForRunLimit { message messageKey messageValues }
          }
        }
      }
    }
    queued: runs(last: 8, filter: { states: [QUEUED], to: $waitingBefore }) {
      edges { node { id containerName createdAt reason reasonKey reasonValues } }
    }
  }
`);

export const RunningDocument = graphql(
  `
  query Running {
    runs(first: 10, filter: { states: [RUNNING] }) {
      edges { cursor node { ...RunRow } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      totalCount
    }
  }
`,
  [RunRowFragment],
);

export const WeekDocument = graphql(`
  query Week($timezone: String!) {
    runOutcomes(days: 7, timezone: $timezone) { day succeeded failed cancelled }
    containerFigures(days: 7, first: 5) {
      slowest { container { id name } runs medianSeconds p95Seconds }
      flakiest { container { id name } runs failed }
    }
  }
`);
