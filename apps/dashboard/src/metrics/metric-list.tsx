"use client";

import { useQuery } from "@tanstack/react-query";
import { Card, Cell, type Column, EmptyState, HeadCell, PageHeader, Row, SkeletonRows, Table } from "@telltale/ui";
import Link from "next/link";
import { pathTo } from "../place/paths.ts";
import { usePlace } from "../place/place.tsx";
import { Loaded } from "../query/loaded.tsx";
import { useTRPC } from "../query/trpc.ts";

const COLUMNS: Column[] = [
  { key: "metric", head: "Metric" },
  { key: "measures", head: "Measures" },
  { key: "better", head: "Better when it" },
  { key: "experiments", head: "Experiments", align: "end" },
];

/** What experiments are judged by. */
export function MetricList() {
  const trpc = useTRPC();
  const { project } = usePlace();
  const metrics = useQuery(trpc.metric.list.queryOptions({ project: project.address }));
  return (
    <>
      <PageHeader title="Metrics" sentence="What experiments are judged by." />
      <Loaded query={metrics} what="The metrics" skeleton={<SkeletonRows rows={4} label="Loading the metrics" />}>
        {(all) => (
          <Card flush>
            {all.length === 0 ? (
              <EmptyState title="No metric yet">
                Metrics are created through the API so far, as metric.create.
              </EmptyState>
            ) : (
              <Table caption="Metrics" columns={COLUMNS}>
                {all.map((metric) => (
                  <Row key={metric.key}>
                    <HeadCell>
                      <Link
                        href={pathTo(project, "metrics", metric.key)}
                        className="font-medium font-mono text-sm hover:text-accent hover:underline"
                      >
                        {metric.key}
                      </Link>
                      <span className="block text-muted text-sm">{metric.name}</span>
                    </HeadCell>
                    <Cell label="Measures">{metric.sentence}</Cell>
                    <Cell label="Better when it">{WAYS[metric.direction]}</Cell>
                    <Cell label="Experiments" align="end">
                      {metric.experiments}
                    </Cell>
                  </Row>
                ))}
              </Table>
            )}
          </Card>
        )}
      </Loaded>
    </>
  );
}

const WAYS = { increase: "increases", decrease: "decreases" };
