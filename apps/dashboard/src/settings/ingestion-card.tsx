"use client";

import { useQuery } from "@tanstack/react-query";
import {
  Card,
  Cell,
  type Column,
  FreshnessTag,
  formatCount,
  formatDuration,
  HeadCell,
  Row,
  SkeletonRows,
  Table,
  Time,
} from "@telltale/ui";
import { usePlace } from "../place/place.tsx";
import { Loaded } from "../query/loaded.tsx";
import type { IngestionLag } from "../query/outputs.ts";
import { useTRPC } from "../query/trpc.ts";
import { WaitingLine } from "./waiting-line.tsx";

const COLUMNS: Column[] = [
  { key: "environment", head: "Environment" },
  { key: "events", head: "Events, last hour", align: "end" },
  { key: "received", head: "From app to edge" },
  { key: "stored", head: "From edge to store" },
  { key: "newest", head: "Newest" },
];

/** How events come in: how long they take, and what is still on its way. */
export function IngestionCard() {
  const trpc = useTRPC();
  const { project } = usePlace();
  const lag = useQuery(trpc.ingestion.lag.queryOptions({ project: project.address }, { refetchInterval: 60_000 }));
  return (
    <Card
      title="Events coming in"
      aside={lag.data ? <FreshnessTag dataTo={lag.data.asOf} live={false} /> : undefined}
      flush
    >
      <div className={lag.error ? "p-4" : undefined}>
        <Loaded
          query={lag}
          what="How events come in"
          skeleton={<SkeletonRows rows={3} label="Loading how events come in" />}
        >
          {({ environments }) => (
            <Table caption="Events coming in" columns={COLUMNS}>
              {environments.map((each) => (
                <LagRow key={each.environment} {...each} />
              ))}
            </Table>
          )}
        </Loaded>
      </div>
      <div className="grid gap-1 border-line border-t px-4 py-3 text-ink-2 text-sm">
        <WaitingLine />
        <p className="text-muted">
          SDKs hold events back for two seconds or so to send them together. One that was offline sends them when it is
          back, and what is imported is as old as it says.
        </p>
      </div>
    </Card>
  );
}

function LagRow({ environment, lag }: IngestionLag["environments"][number]) {
  return (
    <Row>
      <HeadCell>{environment}</HeadCell>
      <Cell label="Events, last hour" align="end">
        {lag ? formatCount(lag.events) : "none"}
      </Cell>
      <Cell label="To edge">{lag ? lagWords(lag.toReceived) : "–"}</Cell>
      <Cell label="To store">{lag ? lagWords(lag.toStored) : "–"}</Cell>
      <Cell label="Newest">{lag ? <Time at={lag.newest} /> : "–"}</Cell>
    </Row>
  );
}

function lagWords({ p50, p99 }: { p50: number; p99: number }): string {
  return `half in ${formatDuration(p50)}, 99 % in ${formatDuration(p99)}`;
}
