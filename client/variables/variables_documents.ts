import { graphql, type ResultOf } from "../graphql/tada.ts";

export const VariableRowFragment = graphql(`
  fragment VariableRow on Variable { id name secret value updatedAt updatedBy { displayName } }
`);

export type VariableRow = ResultOf<typeof VariableRowFragment>;

export const ProjectVariablesDocument = graphql(
  `
  query ProjectVariables($project: String!) { project(slug: $project) { id variables { ...VariableRow } } }
`,
  [VariableRowFragment],
);

export const ContainerVariablesDocument = graphql(
  `
  query ContainerVariables($id: ID!) { container(id: $id) { id variables { ...VariableRow } } }
`,
  [VariableRowFragment],
);

export const SetVariableDocument = graphql(`
  mutation SetVariable($input: SetVariableInput!) {
    setVariable(input: $input) {
      __typename
      ... on Variable { id name }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);

export const DeleteVariableDocument = graphql(`
  mutation DeleteVariable($id: ID!) {
    deleteVariable(id: $id) {
      __typename
      ... on DeletedPayload { deletedId }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);
