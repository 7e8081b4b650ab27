/** The launcher asks by this message, */
export const PING = "telltale: are you there?";
/** and a child whose event loop turns answers by this one. */
export const PONG = "telltale: I am here.";
