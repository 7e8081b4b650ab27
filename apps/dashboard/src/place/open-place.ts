import "server-only";
import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { PATH_HEADER } from "../proxy.ts";
import { readSession } from "../session.ts";
import { findMoved, findPlace, type PlaceParams } from "./find.ts";
import type { Place } from "./place.tsx";

/**
 * The guard of every page in a project: who is not signed in goes to sign in, and what is not theirs is not there. An
 * address of the form before this one leads to where it is now.
 */
export async function openPlace(params: Promise<PlaceParams>): Promise<Place> {
  const path = (await headers()).get(PATH_HEADER) ?? "/";
  const me = await readSession();
  if (!me) redirect(`/sign-in?next=${encodeURIComponent(path)}`);
  const place = findPlace(me, await params);
  if (place) return place;
  const moved = findMoved(me, path);
  if (moved) redirect(moved);
  notFound();
}
