/** The channel on which edges are told that something is newer; the tables hold the truth. */
export const CHANNEL = "telltale";
