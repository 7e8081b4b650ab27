"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import { type AppRouter, transformer } from "@telltale/api";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { type ReactNode, useState } from "react";
import { BASE_PATH, withBasePath } from "../base-path.ts";
import { makeQueryClient } from "./query-client.ts";
import { TRPCProvider } from "./trpc.ts";

function toSignIn(): void {
  const here = window.location.pathname.slice(BASE_PATH.length) + window.location.search;
  window.location.assign(withBasePath(`/sign-in?next=${encodeURIComponent(here)}`));
}

/** One cache and one connection to the API for the whole page. */
export function QueryProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(() => makeQueryClient({ onSignedOut: toSignIn }));
  const [client] = useState(() =>
    createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: withBasePath("/api/trpc"), transformer })] }),
  );
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}
