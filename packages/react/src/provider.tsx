"use client";

import {
  type Client,
  type ClientOptions,
  createClient,
  type EvaluationContext,
  type Status,
  type Unit,
} from "@telltale/sdk";
import { createContext, type ReactElement, type ReactNode, useContext, useMemo } from "react";

interface Provided {
  client: Client;
  unit: Unit;
  /** How the client was when it was provided first: what a server rendered with, while the page hydrates. */
  initial: Status;
}

const TelltaleContext = createContext<Provided | undefined>(undefined);

export type TelltaleProviderProps = {
  /** Who is asking: the targeting key and attributes. A new object with the same content changes nothing. */
  context: EvaluationContext;
  children?: ReactNode;
} & (
  | {
      /** Made once, outside of components, by `createClient`. */
      client: Client;
      options?: never;
    }
  | {
      /**
       * Makes the client here, also from a server component, as these are plain values. In a browser one client lives
       * as long as the page for each key and address; on a server it is `offline`, decides by `options.bootstrap` and
       * is gone with the rendering.
       */
      options: ClientOptions;
      client?: never;
    }
);

/** Gives the flags of one client, decided for one context, to the components inside. */
export function TelltaleProvider({ client: given, options, context, children }: TelltaleProviderProps): ReactElement {
  // biome-ignore lint/correctness/useExhaustiveDependencies: what else the options say counts when the client is made
  const client = useMemo(() => given ?? clientFor(options), [given, options?.url, options?.key]);
  const initial = useMemo(() => client.status(), [client]);
  const content = contentOf(context);
  // biome-ignore lint/correctness/useExhaustiveDependencies: by content, as callers write the context inline
  const provided = useMemo(() => ({ client, unit: client.for(context), initial }), [client, content, initial]);
  return <TelltaleContext.Provider value={provided}>{children}</TelltaleContext.Provider>;
}

/** The page's clients: one for each edge and key, however often React renders (StrictMode, navigation). */
const clients = new Map<string, Client>();

function clientFor(options: ClientOptions): Client {
  if (typeof document === "undefined") return createClient({ ...options, offline: true });
  const id = JSON.stringify([options.url, options.key]);
  const client = clients.get(id) ?? createClient(options);
  clients.set(id, client);
  return client;
}

/** The context as text; one that is no JSON (a BigInt, a circle) counts as new each time. */
function contentOf(context: EvaluationContext): unknown {
  try {
    return JSON.stringify(context);
  } catch {
    return context;
  }
}

/** @throws Error outside of a `TelltaleProvider`: a mistake in the program. */
export function useProvided(): Provided {
  const provided = useContext(TelltaleContext);
  if (!provided) throw new Error("Telltale's hooks work inside <TelltaleProvider client={…} context={…}> only.");
  return provided;
}
