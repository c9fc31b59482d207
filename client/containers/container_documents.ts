import { containerFields } from "../../schema/definition/container.ts";
import { taskFields } from "../../schema/definition/task.ts";
import { selectionOf } from "../graphql/selection.ts";
import { graphql, type ResultOf } from "../graphql/tada.ts";
import { RunRowFragment } from "../runs/runs_documents.ts";

/** All that the editor edits, as one version has it. */
export const DefinitionFragment = graphql(`
  fragment Definition on Container {
    id
    ${selectionOf(containerFields)}
    version
    nextFires(count: 5)
    tasks {
      id
      ${selectionOf(taskFields)}
    }
    relations { id condition upstream { id } downstream { id } }
  }
`);

export const ContainerDocument = graphql(
  `
  query Container($id: ID!) {
    container(id: $id) {
      ...Definition
      source
      createdAt
      updatedAt
      project { id name slug viewerRole }
      lastRun { ...RunRow taskRuns { id state startedAt finishedAt task { id } } }
    }
  }
`,
  [DefinitionFragment, RunRowFragment],
);

export type ContainerData = ResultOf<typeof ContainerDocument>;
export type ShownContainer = NonNullable<ContainerData["container"]>;

/** The head of the definition is enough to know that somebody saved another one. */
export const ContainerChangesDocument = graphql(`
  subscription ContainerChanges {
    containerEvents { kind containerId container { id version enabled nextFires(count: 5) } }
  }
`);

export const ActiveRunDocument = graphql(
  `
  subscription ActiveRun($containerId: ID!) {
    runEvents(containerId: $containerId) {
      run { ...RunRow container { id nextFires(count: 5) } }
      taskRuns { id state startedAt finishedAt task { id } }
    }
  }
`,
  [RunRowFragment],
);

export const SaveContainerDocument = graphql(
  `
  mutation SaveContainer($input: SaveContainerInput!) {
    saveContainer(input: $input) {
      __typename
      ... on Container { ...Definition }
      ... on Error { code message path messageKey messageValues }
    }
  }
`,
  [DefinitionFragment],
);

export const ShadowContainerDocument = graphql(`
  mutation ShadowContainer($id: ID!, $shadow: Boolean!) {
    updateContainer(input: { id: $id, shadow: $shadow }) {
      __typename
      ... on Container { id shadow }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);
