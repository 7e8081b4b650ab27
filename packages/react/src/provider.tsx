"use client";

import type { Client, EvaluationContext, Unit } from "@telltale/sdk";
import { createContext, type ReactNode, useContext, useMemo } from "react";

interface Provided {
  client: Client;
  unit: Unit;
}

const TelltaleContext = createContext<Provided | undefined>(undefined);

export interface TelltaleProviderProps {
  /** Made once, outside of components, by `createClient`. */
  client: Client;
  /** Who is asking: the targeting key and attributes. A new object with the same content changes nothing. */
  context: EvaluationContext;
  children?: ReactNode;
}

/** Gives the flags of one client, decided for one context, to the components inside. */
export function TelltaleProvider({ client, context, children }: TelltaleProviderProps) {
  const content = contentOf(context);
  // biome-ignore lint/correctness/useExhaustiveDependencies: by content, as callers write the context inline
  const provided = useMemo(() => ({ client, unit: client.for(context) }), [client, content]);
  return <TelltaleContext.Provider value={provided}>{children}</TelltaleContext.Provider>;
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
