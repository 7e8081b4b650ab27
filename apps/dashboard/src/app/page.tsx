import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { backend } from "../backend.ts";

/** The front door leads to the first project's flags. */
export default async function Home() {
  const me = await backend().session(await headers());
  if (!me) redirect("/sign-in");
  const [first] = me.projects;
  redirect(first ? `/${first.key}/flags` : "/sign-in?problem=no-project");
}
