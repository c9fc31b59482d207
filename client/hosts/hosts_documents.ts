import { graphql } from "../graphql/tada.ts";

export const HostFiguresFragment = graphql(`
  fragment HostFigures on HostStats {
    at
    cpuPercent
    memoryUsedBytes
    memoryTotalBytes
    load
    processMemoryBytes
    running
  }
`);

export const HostHistoryDocument = graphql(
  `
  query HostHistory($agentId: ID) { hostHistory(agentId: $agentId, minutes: 60) { ...HostFigures } }
`,
  [HostFiguresFragment],
);

export const HostStatsDocument = graphql(
  `
  subscription HostStats($agentId: ID) { hostStats(agentId: $agentId, everySeconds: 5) { ...HostFigures } }
`,
  [HostFiguresFragment],
);

export const HostsDocument = graphql(`
  query Hosts {
    agents(project: null) { id name address local version labels weight cordoned online lastSeenAt running capacity }
  }
`);

export const UpdateAgentDocument = graphql(`
  mutation UpdateAgent($input: UpdateAgentInput!) {
    updateAgent(input: $input) {
      __typename
      ... on Agent { id name labels weight cordoned }
      ... on Error { code message path messageKey messageValues }
    }
  }
`);
