import { redirect } from "next/navigation";
import type { PlaceParams } from "../../../place/find.ts";
import { openPlace } from "../../../place/open-place.ts";
import { pathTo } from "../../../place/paths.ts";

export default async function Project({ params }: { params: Promise<PlaceParams> }) {
  redirect(pathTo((await openPlace(params)).project, "flags"));
}
