/** Where what is shipped beside the code lies: in a checkout beside server/, in a package beside the one file of code. */
export const SCHEMA_FILE = new URL("../schema/schema.graphql", import.meta.url);
