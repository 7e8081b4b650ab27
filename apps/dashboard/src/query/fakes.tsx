import { QueryClientProvider } from "@tanstack/react-query";
import { ACTION_NAMES } from "@telltale/access";
import type { AppRouter, PublicError } from "@telltale/api";
import { createTRPCClient, TRPCClientError, type TRPCLink } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import type { ReactNode } from "react";
import { PlaceProvider } from "../place/place.tsx";
import type { Me } from "./outputs.ts";
import { makeQueryClient } from "./query-client.ts";
import { TRPCProvider } from "./trpc.ts";

/** By procedure ("experiment.get"), what the wire answers to an input; what throws is an error of the API. */
export type Answers = Record<string, (input: unknown) => unknown>;

const me: Me = {
  user: { id: "1", name: "Olivia Owner", email: "owner@example.com" },
  organisations: [],
};

/** An error of the API as the wire brings it: thrown by an answer. */
export function refusal(telltale: PublicError): Error {
  const { message } = telltale;
  return TRPCClientError.from<AppRouter>({
    error: { message, code: -32_600, data: { code: "BAD_REQUEST", httpStatus: 400, path: undefined, telltale } },
  });
}

/** The page's surroundings with a wire that answers by itself. A question without an answer fails. */
export function FakeApi({ answers, children }: { answers: Answers; children: ReactNode }) {
  const queryClient = makeQueryClient({ retries: 0 });
  const client = createTRPCClient<AppRouter>({ links: [answering(answers)] });
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        <PlaceProvider
          me={me}
          organisation={{ key: "demo", name: "Demo", role: "owner" }}
          project={{ address: "demo/harbour", name: "Harbour", actions: ACTION_NAMES, environments: [] }}
        >
          {children}
        </PlaceProvider>
      </TRPCProvider>
    </QueryClientProvider>
  );
}

function answering(answers: Answers): TRPCLink<AppRouter> {
  return () =>
    ({ op }) =>
      observable((observer) => {
        const answer = async () => {
          const found = answers[op.path];
          if (!found) throw new Error(`The test answers no ${op.path}.`);
          return found(op.input);
        };
        answer().then(
          (data) => {
            observer.next({ result: { type: "data", data } });
            observer.complete();
          },
          (error: Error) => observer.error(TRPCClientError.from(error)),
        );
      });
}
