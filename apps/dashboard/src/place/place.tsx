"use client";

import { useQuery } from "@tanstack/react-query";
import type { Action } from "@telltale/access";
import { createContext, type ReactNode, useContext } from "react";
import type { Me } from "../query/outputs.ts";
import { useTRPC } from "../query/trpc.ts";

/** Who is here, and in which project of which organisation. */
export interface Place {
  me: Me;
  organisation: Pick<Me["organisations"][number], "key" | "name" | "role">;
  project: Pick<Me["organisations"][number]["projects"][number], "address" | "name" | "actions" | "environments">;
}

const PlaceContext = createContext<Place | undefined>(undefined);

/** Says to all below who is here and in which project. */
export function PlaceProvider({ children, ...place }: Place & { children: ReactNode }) {
  return <PlaceContext value={place}>{children}</PlaceContext>;
}

/** Who is here and in which project. Only below the project layout. */
export function usePlace(): Place {
  const place = useContext(PlaceContext);
  if (!place) throw new Error("usePlace is for pages inside a project");
  return place;
}

/**
 * Why this person may not do something in an environment, and who can; undefined when they may. Where none is named,
 * doing it in one of the project's environments is enough. The door enforces it, this explains it.
 */
export function useReason(actions: readonly Action[], environment?: string): string | undefined {
  const { project } = usePlace();
  const trpc = useTRPC();
  const named = project.environments.filter(({ key }) => key === environment);
  // One that was made since the page was opened is not among them: the project's own permissions hold there, too.
  const here = environment === undefined ? [project, ...project.environments] : named.length > 0 ? named : [project];
  const missing = actions.find((action) => !here.some((place) => place.actions.includes(action)));
  const input = { project: project.address, environment, action: missing ?? ("project.read" as const) };
  const explained = useQuery({ ...trpc.access.explain.queryOptions(input), enabled: missing !== undefined });
  if (missing === undefined) return undefined;
  return explained.data?.reason ?? "You may not do this here.";
}

/** What a change of what people are served needs. */
export const PUBLISHES_FLAG: readonly Action[] = ["flag.update", "environment.publish"];
