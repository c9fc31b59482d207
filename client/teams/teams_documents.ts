import { graphql } from "../graphql/tada.ts";

export const ProjectsDocument = graphql(`
  query TeamProjects($first: Int, $last: Int, $after: String, $before: String) {
    projects(first: $first, last: $last, after: $after, before: $before) {
      edges { node { id slug name description viewerRole parent { id name } containers(first: 0) { totalCount } members(first: 0) { totalCount } } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

export const ProjectDocument = graphql(`
  query TeamProject($slug: String!) {
    project(slug: $slug) {
      id slug name description logRetentionDays runRetentionDays viewerRole
      parent { id slug name }
      children { id slug name }
      members(first: 500) { edges { node { role grantedAt user { id username displayName } project { id slug name } } } }
      tokens { id name createdAt lastUsedAt expiresAt scopes }
    }
    users(first: 500) { edges { node { id username displayName admin } } }
  }
`);

export const CreateProjectDocument = graphql(`
  mutation CreateProject($input: CreateProjectInput!) {
    createProject(input: $input) {
      __typename
      ... on Project { id slug name }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);

export const UpdateProjectDocument = graphql(`
  mutation UpdateProject($slug: String!, $name: String, $description: String, $logRetentionDays: Int, $runRetentionDays: Int) {
    updateProject(slug: $slug, name: $name, description: $description, logRetentionDays: $logRetentionDays, runRetentionDays: $runRetentionDays) {
      __typename
      ... on Project { id name description logRetentionDays runRetentionDays }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);

export const DeleteProjectDocument = graphql(`
  mutation DeleteProject($slug: String!) {
    deleteProject(slug: $slug) {
      __typename
      ... on DeletedPayload { deletedId }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);

export const SetMemberDocument = graphql(`
  mutation SetMember($project: String!, $userId: ID!, $role: ProjectRole) {
    setMember(project: $project, userId: $userId, role: $role) {
      __typename
      ... on Member { role }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);

export const UsersDocument = graphql(`
  query TeamUsers($first: Int, $last: Int, $after: String, $before: String, $nameContains: String) {
    users(first: $first, last: $last, after: $after, before: $before, nameContains: $nameContains) {
      edges { node { id username displayName admin disabled lastSeenAt signInKinds memberships { role project { id slug name } } } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

export const CreateUserDocument = graphql(`
  mutation CreateUser($input: CreateUserInput!) {
    createUser(input: $input) {
      __typename
      ... on PasswordPayload { password user { id username } }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);

export const UpdateUserDocument = graphql(`
  mutation UpdateUser($input: UpdateUserInput!) {
    updateUser(input: $input) {
      __typename
      ... on User { id admin disabled displayName }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);

export const ResetPasswordDocument = graphql(`
  mutation ResetPassword($id: ID!) {
    resetPassword(id: $id) {
      __typename
      ... on PasswordPayload { password user { id username } }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);

export const DeleteUserDocument = graphql(`
  mutation DeleteUser($id: ID!) {
    deleteUser(id: $id) {
      __typename
      ... on DeletedPayload { deletedId }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);
