import { graphql } from "../graphql/tada.ts";

export const CreateServiceTokenDocument = graphql(`
  mutation CreateServiceToken($name: String!, $project: String!, $scopes: [TokenScope!]!) {
    createApiToken(name: $name, project: $project, scopes: $scopes, service: true) {
      __typename
      ... on ApiTokenPayload { id token }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);

export const RotateApiTokenDocument = graphql(`
  mutation RotateApiToken($id: ID!, $overlapSeconds: Int) {
    rotateApiToken(id: $id, overlapSeconds: $overlapSeconds) {
      __typename
      ... on ApiTokenPayload { id token }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);
