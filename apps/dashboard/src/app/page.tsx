import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { findFirst } from "../place/find.ts";
import { LAST_PROJECT_COOKIE } from "../place/last-project.ts";
import { pathTo } from "../place/paths.ts";
import { readSession } from "../session.ts";

/**
 * The front door leads to the flags of the project that the person was in last; a person without a project is told so
 * at sign-in.
 */
export default async function Home() {
  const me = await readSession();
  if (!me) redirect("/sign-in");
  const place = findFirst(me, (await cookies()).get(LAST_PROJECT_COOKIE)?.value);
  redirect(place ? pathTo(place.project, "flags") : "/sign-in");
}
