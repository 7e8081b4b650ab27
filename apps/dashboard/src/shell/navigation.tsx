"use client";

import { cx } from "@telltale/ui";
import {
  Flag,
  FlaskConical,
  Gauge,
  KeyRound,
  ListChecks,
  type LucideIcon,
  Rocket,
  ScrollText,
  UserRoundCog,
  Users,
} from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ProjectName, pathTo, SECTIONS, type Section } from "../place/paths.ts";

const ICONS: Record<Section["path"], LucideIcon> = {
  flags: Flag,
  releases: Rocket,
  experiments: FlaskConical,
  metrics: Gauge,
  segments: Users,
  changes: ListChecks,
  audit: ScrollText,
  "settings/members": UserRoundCog,
  "settings/keys": KeyRound,
};

/** The sections: a column beside the page, a row above it on narrow screens. */
export function Navigation({ project }: { project: ProjectName }) {
  const pathname = usePathname();
  return (
    <nav aria-label="Project">
      <ul className="flex gap-1 max-lg:overflow-x-auto max-lg:px-3 max-lg:pb-2 lg:flex-col">
        {SECTIONS.map(({ name, path }) => {
          const href = pathTo(project, path);
          const here = pathname === href || pathname.startsWith(`${href}/`);
          const Icon = ICONS[path];
          return (
            <li key={path}>
              <Link
                href={href}
                aria-current={here ? "page" : undefined}
                className={cx(
                  "flex h-8 items-center gap-2 rounded-md px-2.5 whitespace-nowrap",
                  here ? "bg-accent-soft font-semibold text-accent" : "text-ink-2 hover:bg-hover hover:text-ink",
                )}
              >
                <Icon aria-hidden className="size-4" />
                {name}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
