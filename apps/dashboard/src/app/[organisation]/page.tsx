import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { findMoved, placesOf } from "../../place/find.ts";
import { pathTo } from "../../place/paths.ts";
import { PATH_HEADER } from "../../proxy.ts";
import { readSession } from "../../session.ts";

/** An organisation's own address leads to its first project. */
export default async function Organisation({ params }: { params: Promise<{ organisation: string }> }) {
  const path = (await headers()).get(PATH_HEADER) ?? "/";
  const me = await readSession();
  if (!me) redirect(`/sign-in?next=${encodeURIComponent(path)}`);
  const { organisation: key } = await params;
  const place = placesOf(me).find(({ organisation }) => organisation.key === key);
  if (place) redirect(pathTo(place.project, "flags"));
  const moved = findMoved(me, path);
  if (moved) redirect(moved);
  notFound();
}
