import { graphql } from "../graphql/tada.ts";
import { RunRowFragment } from "./runs_documents.ts";

/** What changes of a task run while it goes on. */
export const TaskRunStateFragment = graphql(`
  fragment TaskRunState on TaskRun {
    id
    state
    reason
    reasonKey
    reasonValues
    attempt
    exitCode
    signal
    startedAt
    finishedAt
    agent { id name }
    attempts { id number state startedAt finishedAt }
  }
`);

export const RunDocument = graphql(
  `
  query Run($id: ID!) {
    run(id: $id) {
      ...RunRow
      containerVersion
      parameters
      startAt
      scheduledFor
      retryOf { id }
      project { id viewerRole }
      taskRuns {
        ...TaskRunState
        name
        command
        position { x y }
        reusedFrom { id }
      }
      relations { condition upstream { id } downstream { id } }
    }
  }
`,
  [RunRowFragment, TaskRunStateFragment],
);

export const RunEventsDocument = graphql(
  `
  subscription RunEvents($runId: ID!) {
    runEvents(runId: $runId) { run { ...RunRow } taskRuns { ...TaskRunState } }
  }
`,
  [RunRowFragment, TaskRunStateFragment],
);

/** The run to compare with. Read once a run has something to explain, and when somebody asks. */
export const LastGoodDocument = graphql(`
  query LastGood($id: ID!) {
    run(id: $id) {
      id
      lastGood {
        id
        createdAt
        startedAt
        finishedAt
        containerVersion
        taskRuns { id name state command exitCode signal startedAt finishedAt }
      }
    }
  }
`);

export const WaitingFragment = graphql(`
  fragment Waiting on WaitingFor {
    __typename
    ... on WaitingForUpstream { taskRuns { id name state } }
    ... on WaitingForSlot { capacity heldBy { id name run { id containerName } } }
    ... on WaitingForRetry { until attempt }
    ... on WaitingForRunLimit { limit heldBy { id name } }
    ... on WaitingForTime { until }
    ... on WaitingForPause { reason }
    ... on WaitingForRun { run { id containerName createdAt } }
  }
`);

/** Why a run or a task run is not running, and what a task run handed on. */
export const WaitingDocument = graphql(
  `
  query Waiting($id: ID!) {
    node(id: $id) {
      __typename
      ... on Run { id waitingFor { ...Waiting } }
      ... on TaskRun { id outputs waitingFor { ...Waiting } }
    }
  }
`,
  [WaitingFragment],
);
