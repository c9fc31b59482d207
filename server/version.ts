/** As it stands in the agents' list, in packages, and in what `version` prints. */
export const VERSION = "0.1.0";
