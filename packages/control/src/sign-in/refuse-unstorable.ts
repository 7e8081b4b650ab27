import { findUnstorable } from "@telltale/configuration";
import { APIError } from "better-auth/api";

/**
 * Refuses a request to sign in, or about a session, that holds what no database stores: as for every other input.
 * @throws APIError BAD_REQUEST
 */
export function refuseUnstorable({ body, query }: { body?: unknown; query?: unknown }): void {
  const found = findUnstorable({ body, query });
  if (found) throw new APIError("BAD_REQUEST", { message: `${found.path.slice(1).join(".")} ${found.problem}` });
}
