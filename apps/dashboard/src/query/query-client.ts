import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { mayRecover, readProblem } from "./problem.ts";

const FRESH_MS = 5_000;

interface QueryClientOptions {
  /** Told when an answer says that nobody is signed in. */
  onSignedOut?: () => void;
  /** How often to ask again by itself when that may help. */
  retries?: number;
}

/** A cache with the house's manners. */
export function makeQueryClient({ onSignedOut, retries = 2 }: QueryClientOptions = {}): QueryClient {
  const onError = (error: unknown) => {
    if (readProblem(error).code === "UNAUTHENTICATED") onSignedOut?.();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { staleTime: FRESH_MS, retry: (failures, error) => failures < retries && mayRecover(error) },
    },
  });
}
