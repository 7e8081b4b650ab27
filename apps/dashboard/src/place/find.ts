import type { Me } from "../query/outputs.ts";
import type { Place } from "./place.tsx";

/** What stands in the address of a page. */
export interface PlaceParams {
  organisation: string;
  project: string;
}

/** All projects of a person, with their organisations. */
export function placesOf(me: Me): Place[] {
  return me.organisations.flatMap(({ projects, ...organisation }) =>
    projects.map((project) => ({ me, organisation, project })),
  );
}

/** The place at an address, if it is one of the person's. */
export function findPlace(me: Me, { organisation, project }: PlaceParams): Place | undefined {
  return placesOf(me).find((place) => place.project.address === `${organisation}/${project}`);
}

/**
 * Where a path of the form that releases before this one had leads now: `/shop/flags` to `/acme/shop/flags`, where `shop`
 * is the key of one project of the person and of no organisation.
 */
export function findMoved(me: Me, path: string): string | undefined {
  const [, key = "", rest = ""] = /^\/([^/?]*)(.*)$/s.exec(path) ?? [];
  if (me.organisations.some((organisation) => organisation.key === key)) return undefined;
  const found = me.organisations.flatMap(({ projects }) => projects).filter((project) => project.key === key);
  const [only] = found;
  return only && found.length === 1 ? `/${only.address}${rest}` : undefined;
}

/** The project to begin with: the one that the person was in last, else the first. */
export function findFirst(me: Me, last: string | undefined): Place | undefined {
  const places = placesOf(me);
  return places.find(({ project }) => project.address === last) ?? places[0];
}
