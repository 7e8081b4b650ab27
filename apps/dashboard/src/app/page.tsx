import { redirect } from "next/navigation";
import { readSession } from "../session.ts";

/** The front door leads to the first project's flags. */
export default async function Home() {
  const me = await readSession();
  if (!me) redirect("/sign-in");
  const [first] = me.projects;
  redirect(first ? `/${first.key}/flags` : "/sign-in");
}
