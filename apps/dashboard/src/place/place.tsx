"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { Me } from "../query/outputs.ts";

/** Who is here, and in which project of which organisation. */
export interface Place {
  me: Me;
  organisation: Pick<Me["organisations"][number], "key" | "name" | "role">;
  project: Pick<Me["organisations"][number]["projects"][number], "address" | "name">;
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

/** Why this person may not change things; undefined when they may. The server enforces it, this explains it. */
export function useNoChangeReason(): string | undefined {
  return usePlace().organisation.role === "owner" ? undefined : "You can look but not change. Ask an owner.";
}
