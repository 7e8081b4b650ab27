/**
 * For `fetch` with a secret: a redirect is not followed, and is an answer with its status. It is not `"error"`: with that
 * Node 20 and 22 forget the request's signal when memory is collected, and an abort no longer ends the answer's body.
 */
export const NO_REDIRECT: RequestRedirect = "manual";
