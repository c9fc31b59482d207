import { graphql } from "../graphql/tada.ts";

export const ApiTokensDocument = graphql(`
  query ApiTokens { viewer { id apiTokens { id name createdAt lastUsedAt expiresAt } } }
`);

export const CreateApiTokenDocument = graphql(`
  mutation CreateApiToken($name: String!, $expiresAt: DateTime) {
    createApiToken(name: $name, expiresAt: $expiresAt) {
      __typename
      ... on ApiTokenPayload { id token }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);

export const RevokeApiTokenDocument = graphql(`
  mutation RevokeApiToken($id: ID!) {
    revokeApiToken(id: $id) {
      __typename
      ... on DeletedPayload { deletedId }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);
