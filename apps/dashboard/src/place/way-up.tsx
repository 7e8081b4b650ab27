import Link from "next/link";
import { pathTo, SECTIONS, type Section } from "./paths.ts";
import { usePlace } from "./place.tsx";

/** Leads from a page of one thing to the list that it is of. */
export function WayUp({ to }: { to: Section["path"] }) {
  const { project } = usePlace();
  return (
    <Link href={pathTo(project, to)} className="hover:text-ink hover:underline">
      {SECTIONS.find(({ path }) => path === to)?.name}
    </Link>
  );
}
