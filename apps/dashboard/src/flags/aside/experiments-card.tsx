"use client";

import { Badge, Card } from "@telltale/ui";
import Link from "next/link";
import { pathTo } from "../../place/paths.ts";
import { usePlace } from "../../place/place.tsx";
import type { FlagDetail } from "../../query/outputs.ts";

/** Experiments on this flag; nothing when there are none. */
export function ExperimentsCard({ experiments }: { experiments: FlagDetail["experiments"] }) {
  const { project } = usePlace();
  if (experiments.length === 0) return null;
  return (
    <Card title="Experiments on this flag">
      <ul className="grid gap-2">
        {experiments.map((experiment) => (
          <li key={experiment.key} className="flex flex-wrap items-center gap-2">
            <Link href={pathTo(project, "experiments", experiment.key)} className="text-accent underline">
              {experiment.name}
            </Link>
            <Badge tone={experiment.status === "running" ? "accent" : "neutral"}>{experiment.status}</Badge>
            <span className="text-muted text-sm">{experiment.environment}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
