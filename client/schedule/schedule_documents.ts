import { graphql } from "../graphql/tada.ts";

/** What an expression means, before it is saved. */
export const CronPreviewDocument = graphql(`
  query CronPreview(
    $expression: String!
    $timezone: String!
    $dst: ClockChangeInput!
    $count: Int!
    $language: String!
  ) {
    cronPreview(
      expression: $expression
      timezone: $timezone
      dst: $dst
      count: $count
      language: $language
    ) {
      __typename
      ... on CronPreview {
        description
        minimumGapSeconds
        warning
        times { at offset clockChange }
      }
      ... on InvalidCronError { code message path messageKey messageValues offset length }
      ... on InvalidInputError { code message path messageKey messageValues }
    }
  }
`);

/** What was due, and what became of it. */
export const SlotsDocument = graphql(`
  query Slots($id: ID!, $first: Int!) {
    container(id: $id) {
      id
      slots(first: $first) { at outcome reason reasonKey reasonValues late lateSeconds run { id state } }
    }
  }
`);

/** What a change would add, move or lose. */
export const SimulateDocument = graphql(`
  query Simulate(
    $id: ID!
    $from: DateTime!
    $to: DateTime!
    $expression: String
    $timezone: String
    $dst: ClockChangeInput
    $misfire: MisfirePolicy
    $overlap: OverlapPolicy
  ) {
    simulate(
      containerId: $id
      from: $from
      to: $to
      expression: $expression
      timezone: $timezone
      dst: $dst
      misfire: $misfire
      overlap: $overlap
    ) {
      __typename
      ... on Simulation { kept added lost moved { from to } }
      ... on InvalidCronError { code message path messageKey messageValues }
      ... on InvalidInputError { code message path messageKey messageValues }
      ... on NotFoundError { code message path messageKey messageValues }
    }
  }
`);

/** The fires to come, over all containers. */
export const UpcomingDocument = graphql(`
  query Upcoming($project: String, $hours: Int!, $first: Int!) {
    upcoming(project: $project, hours: $hours, first: $first) { at container { id name } }
  }
`);
