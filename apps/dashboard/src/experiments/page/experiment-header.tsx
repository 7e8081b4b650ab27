"use client";

import { PageHeader } from "@telltale/ui";
import Link from "next/link";
import { pathToFlag } from "../../place/paths.ts";
import { usePlace } from "../../place/place.tsx";
import { WayUp } from "../../place/way-up.tsx";
import type { ExperimentDetail } from "../../query/outputs.ts";
import { datesWords } from "../dates.ts";
import { StatusBadge } from "../status-badge.tsx";
import { StartStop } from "./start-stop.tsx";

/** What is tried, where, on whom and since when. */
export function ExperimentHeader({ experiment }: { experiment: ExperimentDetail }) {
  const { project } = usePlace();
  return (
    <PageHeader
      above={<WayUp to="experiments" />}
      title={experiment.name}
      beside={<StatusBadge status={experiment.status} />}
      actions={<StartStop experiment={experiment} />}
      sentence={
        <>
          {experiment.hypothesis}
          <span className="block text-muted text-sm">
            On{" "}
            <Link
              href={pathToFlag(project, experiment.flag, experiment.environment)}
              className="font-mono text-accent underline"
            >
              {experiment.flag}
            </Link>{" "}
            in {experiment.environment}, {datesWords(experiment)}, drawn by{" "}
            <span className="font-mono">{experiment.unit}</span>
          </span>
        </>
      }
    />
  );
}
