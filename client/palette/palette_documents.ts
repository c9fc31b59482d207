import { graphql } from "../graphql/tada.ts";

/** Containers by a part of their name, and the newest runs. */
export const PaletteDocument = graphql(`
  query Palette($name: String!) {
    containers(first: 8, filter: { nameContains: $name }) { edges { node { id name } } }
    runs(first: 20) { edges { node { id containerName state createdAt } } }
  }
`);
