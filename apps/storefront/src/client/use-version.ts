import type { Client } from "@telltale/sdk";
import { useCallback, useSyncExternalStore } from "react";

/** The version of the ruleset in memory; 0 while there is none. */
export function useVersion(client: Client): number {
  const subscribe = useCallback((changed: () => void) => client.on("change", changed), [client]);
  return useSyncExternalStore(subscribe, () => client.status().version);
}
