import { graphql, type ResultOf, type VariablesOf } from "../graphql/tada.ts";

export const PreviewCrontabDocument = graphql(`
  query PreviewCrontab($input: CrontabInput!) {
    previewCrontab(input: $input) {
      __typename
      ... on CrontabPreview {
        jobs {
          line containerName command standardInput expression timezone user fault faultMessage notes noteMessages
          nextFires cronFires
        }
      }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);

export const ImportCrontabDocument = graphql(`
  mutation ImportCrontab($input: CrontabInput!) {
    importCrontab(input: $input) {
      __typename
      ... on ImportedCrontab { containers { id name } skippedLines }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);

export const PlanFilesDocument = graphql(`
  query PlanFiles($files: [DefinitionFileInput!]!) {
    planFiles(files: $files) {
      __typename
      ... on Plan {
        containers { action name version path changes changeMessages fires { addedCount removedCount } }
        faults { path line column message messageValues }
      }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);

export const ApplyFilesDocument = graphql(`
  mutation ApplyFiles($files: [DefinitionFileInput!]!, $expected: [ExpectedVersionInput!]) {
    applyFiles(files: $files, expected: $expected) {
      __typename
      ... on AppliedFiles { containers { id name } deleted }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);

type Member<Union, Name> = Extract<Union, { readonly __typename: Name }>;
export type CrontabInput = VariablesOf<typeof PreviewCrontabDocument>["input"];
export type Job = Member<
  ResultOf<typeof PreviewCrontabDocument>["previewCrontab"],
  "CrontabPreview"
>["jobs"][number];
export type FilePlan = Member<ResultOf<typeof PlanFilesDocument>["planFiles"], "Plan">;
