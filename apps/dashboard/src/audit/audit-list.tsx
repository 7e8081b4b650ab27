"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import type { RouterOutputs } from "@telltale/api";
import {
  Button,
  Card,
  Cell,
  type Column,
  EmptyState,
  HeadCell,
  PageHeader,
  Row,
  SkeletonRows,
  Table,
  Time,
} from "@telltale/ui";
import Link from "next/link";
import { pathTo, type Section } from "../place/paths.ts";
import { usePlace } from "../place/place.tsx";
import { Loaded } from "../query/loaded.tsx";
import { useTRPC, useTRPCClient } from "../query/trpc.ts";

const PAGE = 50;
const COLUMNS: Column[] = [
  { key: "when", head: "When" },
  { key: "who", head: "Who" },
  { key: "what", head: "What" },
  { key: "object", head: "On" },
  { key: "environment", head: "Environment" },
];

type Entry = RouterOutputs["audit"]["list"]["items"][number];

function useAudit(project: string) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  return useInfiniteQuery({
    queryKey: [...trpc.audit.list.pathKey(), project],
    queryFn: ({ pageParam, signal }) =>
      client.audit.list.query({ project, limit: PAGE, ...(pageParam ? { before: pageParam } : {}) }, { signal }),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

/** Who changed what, newest first. */
export function AuditList() {
  const { project } = usePlace();
  const audit = useAudit(project.address);
  return (
    <>
      <PageHeader title="Audit" sentence="Every change, who made it and when. Entries are never edited." />
      <Loaded query={audit} what="The audit trail" skeleton={<SkeletonRows rows={8} label="Loading the audit trail" />}>
        {({ pages }) => {
          const entries = pages.flatMap(({ items }) => items);
          return (
            <Card flush>
              {entries.length === 0 ? (
                <EmptyState title="Nothing was changed yet">
                  Switch a flag, and it will be written down here.
                </EmptyState>
              ) : (
                <Table caption="Audit trail" columns={COLUMNS}>
                  {entries.map((entry) => (
                    <EntryRow key={entry.id} entry={entry} />
                  ))}
                </Table>
              )}
            </Card>
          );
        }}
      </Loaded>
      {audit.hasNextPage ? (
        <Button className="mt-4" busy={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
          Load more
        </Button>
      ) : null}
    </>
  );
}

const PAGES: Record<string, Section["path"]> = {
  flag: "flags",
  segment: "segments",
  experiment: "experiments",
  metric: "metrics",
  change: "changes",
};

function EntryRow({ entry }: { entry: Entry }) {
  const { project } = usePlace();
  const page = PAGES[entry.object];
  return (
    <Row>
      <HeadCell className="whitespace-nowrap text-ink-2">
        <Time at={entry.at} />
      </HeadCell>
      <Cell className="max-w-48 break-words">
        {entry.actorName}
        {entry.actorNameNow === null ? null : (
          <span className="block text-muted text-sm">now {entry.actorNameNow}</span>
        )}
      </Cell>
      <Cell className="max-sm:block">
        {entry.sentence}
        {entry.comment ? <span className="block text-ink-2 text-sm">“{entry.comment}”</span> : null}
      </Cell>
      <Cell label="On" className="sm:whitespace-nowrap">
        <span>
          <span className="text-muted text-sm">{entry.object}</span>{" "}
          {page ? (
            <Link
              href={pathTo(project, page, entry.objectKey)}
              className="font-mono text-sm hover:text-accent hover:underline"
            >
              {entry.objectKey}
            </Link>
          ) : (
            <span className="font-mono text-sm">{entry.objectKey}</span>
          )}
        </span>
      </Cell>
      <Cell label="Environment" className="text-ink-2">
        {entry.environment ?? "all"}
      </Cell>
    </Row>
  );
}
