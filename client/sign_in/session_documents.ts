import { graphql } from "../graphql/tada.ts";

export const ViewerFragment = graphql(`
  fragment Viewer on User { id username displayName admin passwordChangeRequired memberships { role project { id slug } } }
`);

export const ViewerDocument = graphql(`query Viewer { viewer { ...Viewer } }`, [ViewerFragment]);

export const SignInDocument = graphql(
  `
  mutation SignIn($username: String!, $password: String!) {
    signIn(username: $username, password: $password) {
      __typename
      ... on SignInPayload { user { ...Viewer } }
      ... on Error { code message path messageKey messageValues }
      ... on LimitExceededError { retryAfterSeconds }
    }
  }
`,
  [ViewerFragment],
);

export const SignOutDocument = graphql(`mutation SignOut { signOut }`);

export const ChangePasswordDocument = graphql(
  `
  mutation ChangePassword($currentPassword: String!, $newPassword: String!) {
    changePassword(currentPassword: $currentPassword, newPassword: $newPassword) {
      __typename
      ... on SignInPayload { user { ...Viewer } }
      ... on Error { code message path messageKey messageValues }
      ... on LimitExceededError { retryAfterSeconds }
    }
  }
`,
  [ViewerFragment],
);

export const SignInMethodsDocument = graphql(`query SignInMethods { signInMethods { kind name url } }`);
