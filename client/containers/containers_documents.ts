import { graphql } from "../graphql/tada.ts";
import { RunRowFragment } from "../runs/runs_documents.ts";

/** A container as one line of the list. */
export const ContainerRowFragment = graphql(
  `
  fragment ContainerRow on Container {
    id
    name
    description
    enabled
    tags
    favorite
    project { id name slug viewerRole }
    expression
    timezone
    overlap
    scheduleText(language: $language)
    nextFires(count: 1)
    lastRun { ...RunRow }
    recentRuns(count: 20) { id state createdAt startedAt finishedAt }
  }
`,
  [RunRowFragment],
);

export const ContainersDocument = graphql(
  `
  query Containers(
    $first: Int
    $after: String
    $last: Int
    $before: String
    $filter: ContainerFilter
    $orderBy: ContainerOrder
    $language: String
  ) {
    containers(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
      edges { cursor node { ...ContainerRow } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      totalCount
    }
  }
`,
  [ContainerRowFragment],
);

export const ContainerEventsDocument = graphql(
  `
  subscription ContainerEvents($language: String) {
    containerEvents { kind containerId container { ...ContainerRow } }
  }
`,
  [ContainerRowFragment],
);

/** With each run the container's next fire moves on. */
export const ContainerRunEventsDocument = graphql(
  `
  subscription ContainerRunEvents {
    runEvents { run { ...RunRow container { id nextFires(count: 1) } } }
  }
`,
  [RunRowFragment],
);

export const CreateContainerDocument = graphql(`
  mutation CreateContainer($input: CreateContainerInput!) {
    createContainer(input: $input) {
      __typename
      ... on Container { id name }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);

export const EnableContainerDocument = graphql(
  `
  mutation EnableContainer($id: ID!, $enabled: Boolean!, $language: String) {
    updateContainer(input: { id: $id, enabled: $enabled }) {
      __typename
      ... on Container { ...ContainerRow }
      ... on Error { code message path messageKey messageValues }
    }
  }
`,
  [ContainerRowFragment],
);

export const OverlapContainerDocument = graphql(
  `
  mutation OverlapContainer($id: ID!, $overlap: OverlapPolicy!, $language: String) {
    updateContainer(input: { id: $id, overlap: $overlap }) {
      __typename
      ... on Container { ...ContainerRow }
      ... on Error { code message path messageKey messageValues }
    }
  }
`,
  [ContainerRowFragment],
);

export const TriggerRunDocument = graphql(
  `
  mutation TriggerRun($containerId: ID!, $parameters: JSON, $startAt: DateTime) {
    triggerRun(containerId: $containerId, parameters: $parameters, startAt: $startAt) {
      __typename
      ... on Run { ...RunRow }
      ... on Error { code message path messageKey messageValues }
    }
  }
`,
  [RunRowFragment],
);

export const CopyContainerDocument = graphql(`
  mutation CopyContainer($id: ID!, $name: String!) {
    copyContainer(id: $id, name: $name) {
      __typename
      ... on Container { id name }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);

export const DeleteContainerDocument = graphql(`
  mutation DeleteContainer($id: ID!) {
    deleteContainer(id: $id) {
      __typename
      ... on DeletedPayload { deletedId }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);

export const SetFavoriteDocument = graphql(`
  mutation SetFavorite($id: ID!, $favorite: Boolean!) {
    setFavorite(containerId: $id, favorite: $favorite) {
      __typename
      ... on Container { id favorite }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);
