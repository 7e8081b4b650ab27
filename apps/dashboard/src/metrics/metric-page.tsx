"use client";

import { useQuery } from "@tanstack/react-query";
import { listMetricFacts } from "@telltale/configuration";
import { Card, PageHeader, SkeletonRows } from "@telltale/ui";
import Link from "next/link";
import { StatusBadge } from "../experiments/status-badge.tsx";
import { pathTo } from "../place/paths.ts";
import { usePlace } from "../place/place.tsx";
import { WayUp } from "../place/way-up.tsx";
import { Loaded } from "../query/loaded.tsx";
import type { MetricDetail } from "../query/outputs.ts";
import { useTRPC } from "../query/trpc.ts";
import { MetricHistoryCard } from "./metric-history.tsx";

/** One metric: what it measures, which experiments read it, and its history. */
export function MetricPage({ metric: key }: { metric: string }) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const metric = useQuery(trpc.metric.get.queryOptions({ project: project.address, metric: key }));
  return (
    <Loaded query={metric} what="The metric" skeleton={<SkeletonRows rows={6} label="Loading the metric" />}>
      {(found) => (
        <>
          <PageHeader
            above={<WayUp to="metrics" />}
            title={<span className="font-mono">{found.key}</span>}
            sentence={found.description === "" ? `${found.name}.` : `${found.name}. ${found.description}`}
          />
          <div className="grid max-w-4xl gap-4">
            <Card title="What it measures">
              <dl className="grid gap-x-4 gap-y-1 sm:grid-cols-[auto_minmax(0,1fr)]">
                {listMetricFacts(found).map(({ subject, words }) => (
                  <div key={subject} className="contents">
                    <dt className="text-muted">{subject}</dt>
                    <dd className="break-words">{words}</dd>
                  </div>
                ))}
              </dl>
            </Card>
            <ReadBy experiments={found.experiments} />
            <MetricHistoryCard metric={found} />
          </div>
        </>
      )}
    </Loaded>
  );
}

function ReadBy({ experiments }: Pick<MetricDetail, "experiments">) {
  const { project } = usePlace();
  return (
    <Card title="Experiments that read it">
      {experiments.length === 0 ? (
        <p className="text-muted">No experiment yet.</p>
      ) : (
        <ul className="grid gap-1.5">
          {experiments.map(({ key, name, status, role }) => (
            <li key={key} className="flex flex-wrap items-center gap-2">
              <Link href={pathTo(project, "experiments", key)} className="text-accent underline">
                {name}
              </Link>
              <StatusBadge status={status} />
              <span className="text-muted text-sm">{role}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
