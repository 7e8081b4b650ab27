"use client";

import { Menu } from "@telltale/ui";
import { ChevronsUpDown } from "lucide-react";
import { useRouter } from "next/navigation";
import { placesOf } from "../place/find.ts";
import { pathTo } from "../place/paths.ts";
import { usePlace } from "../place/place.tsx";

/** Which project this is; a menu when there are several, of one organisation or more. */
export function ProjectMenu() {
  const router = useRouter();
  const { me, project } = usePlace();
  const places = placesOf(me);
  const name = <span className="truncate font-medium">{project.name}</span>;
  if (places.length < 2) return <p className="flex h-8 min-w-0 items-center px-2.5 text-ink-2">{name}</p>;
  return (
    <Menu
      items={places.map((place) => ({
        label: me.organisations.length > 1 ? `${place.organisation.name} / ${place.project.name}` : place.project.name,
        checked: place.project.address === project.address,
        onSelect: () => router.push(pathTo(place.project, "flags")),
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
