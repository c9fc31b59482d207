import { graphql } from "../graphql/tada.ts";

/** Names for the filter; one more than is shown says whether there are others. */
export const ContainerNamesDocument = graphql(`
  query ContainerNames { containers(first: 200) { edges { node { id name } } } }
`);

export const ProjectNamesDocument = graphql(`
  query ProjectNames { projects(first: 100) { edges { node { id slug name } } } }
`);
