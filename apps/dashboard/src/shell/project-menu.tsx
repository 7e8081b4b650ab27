"use client";

import { Menu } from "@telltale/ui";
import { ChevronsUpDown } from "lucide-react";
import { useRouter } from "next/navigation";
import { usePlace } from "./project.tsx";

/** Which project this is; a menu when there are several. */
export function ProjectMenu() {
  const router = useRouter();
  const { me, project } = usePlace();
  const name = <span className="truncate font-medium">{project.name}</span>;
  if (me.projects.length < 2) return <p className="flex h-8 min-w-0 items-center px-2.5 text-ink-2">{name}</p>;
  return (
    <Menu
      items={me.projects.map((each) => ({
        label: each.name,
        checked: each.key === project.key,
        onSelect: () => router.push(`/${each.key}/flags`),
      }))}
      trigger={
        <button
          type="button"
          className="flex h-8 w-full min-w-0 items-center justify-between gap-1 rounded-md px-2.5 hover:bg-hover"
        >
          <span className="sr-only">Project:</span>
          {name}
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-muted" />
        </button>
      }
    />
  );
}
