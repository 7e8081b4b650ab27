import "server-only";
import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { type AppRouter, transformer } from "@telltale/api";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { cache } from "react";
import { backend } from "../backend.ts";
import { readProblem } from "./problem.ts";
import { makeQueryClient } from "./query-client.ts";

/** The API for one server render: the same procedures, called inside this process as the person who asked. */
const open = cache(() => {
  const queryClient = makeQueryClient({ retries: 0 });
  const client = createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: "http://in-process/api/trpc",
        transformer,
        headers: async () => ({ cookie: (await headers()).get("cookie") ?? "" }),
        fetch: (input, init) => backend().trpc(new Request(input as RequestInfo, init as RequestInit)),
      }),
    ],
  });
  return { queryClient, trpc: createTRPCOptionsProxy<AppRouter>({ client, queryClient }) };
});

type Api = ReturnType<typeof open>["trpc"];
type Client = ReturnType<typeof open>["queryClient"];

interface PrefetchedProps {
  /** Asks what the page shows at once. What fails here is asked again, and reported, in the browser. */
  load: (api: Api, client: Client) => Promise<void>[];
  children: ReactNode;
}

/** Renders with answers already in the page; one that does not exist makes the page a 404. */
export async function Prefetched({ load, children }: PrefetchedProps) {
  const { queryClient, trpc } = open();
  await Promise.all(load(trpc, queryClient));
  for (const query of queryClient.getQueryCache().getAll()) {
    if (query.state.status === "error" && readProblem(query.state.error).code === "NOT_FOUND") notFound();
  }
  return <HydrationBoundary state={dehydrate(queryClient)}>{children}</HydrationBoundary>;
}
