"use client";

import { useQuery } from "@tanstack/react-query";
import {
  Badge,
  Button,
  Card,
  Cell,
  type Column,
  EmptyState,
  formatCount,
  HeadCell,
  PageHeader,
  Row,
  SkeletonRows,
  Table,
} from "@telltale/ui";
import { Plus } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { pathTo, pathToFlag } from "../place/paths.ts";
import { usePlace, useReason } from "../place/place.tsx";
import { Loaded } from "../query/loaded.tsx";
import { useTRPC } from "../query/trpc.ts";
import { useKeptBelow } from "../unsaved/kept.ts";
import { NewSegmentDialog } from "./new-segment-dialog.tsx";
import { editsOf } from "./segment-form.ts";

const COLUMNS: Column[] = [
  { key: "segment", head: "Segment" },
  { key: "listed", head: "Listed ids", align: "end" },
  { key: "rules", head: "Rules", align: "end" },
  { key: "used", head: "Used by" },
];

/** Reusable audiences. */
export function SegmentList() {
  const trpc = useTRPC();
  const { project } = usePlace();
  const reason = useReason(["segment.create"]);
  const [creating, setCreating] = useState(false);
  const edited = useKeptBelow(editsOf(project.address));
  const segments = useQuery(trpc.segment.list.queryOptions({ project: project.address }));
  const create = (
    <Button look="solid" reason={reason} onClick={() => setCreating(true)}>
      <Plus aria-hidden className="size-4" />
      New segment
    </Button>
  );
  return (
    <>
      <PageHeader title="Segments" sentence="Audiences that several flags can ask for." actions={create} />
      <Loaded query={segments} what="The segments" skeleton={<SkeletonRows rows={4} label="Loading the segments" />}>
        {(all) => (
          <Card flush>
            {all.length === 0 ? (
              <EmptyState title="Create your first segment" action={create}>
                Staff, a crew of testers, everybody in a country: describe them once, then use them in any flag's rules.
              </EmptyState>
            ) : (
              <Table caption="Segments" columns={COLUMNS}>
                {all.map((segment) => (
                  <Row key={segment.key}>
                    <HeadCell>
                      <Link
                        href={pathTo(project, "segments", segment.key)}
                        className="font-medium font-mono text-sm hover:text-accent hover:underline"
                      >
                        {segment.key}
                      </Link>
                      {edited.includes(segment.key) ? <Badge tone="warn">not saved</Badge> : null}
                      <span className="block text-muted text-sm">{segment.name}</span>
                    </HeadCell>
                    <Cell label="Listed ids" align="end">
                      {formatCount(segment.included)}
                      {segment.excluded > 0 ? ` (${formatCount(segment.excluded)} left out)` : ""}
                    </Cell>
                    <Cell label="Rules" align="end">
                      {segment.rules}
                    </Cell>
                    <Cell label="Used by">
                      <UsedBy flags={segment.usedBy} />
                    </Cell>
                  </Row>
                ))}
              </Table>
            )}
          </Card>
        )}
      </Loaded>
      <NewSegmentDialog open={creating} onOpenChange={setCreating} />
    </>
  );
}

/** Flags as links. */
export function UsedBy({ flags }: { flags: readonly string[] }) {
  const { project } = usePlace();
  if (flags.length === 0) return <span className="text-muted">no flag yet</span>;
  return (
    <span className="inline-flex flex-wrap gap-x-3">
      {flags.map((flag) => (
        <Link key={flag} href={pathToFlag(project, flag)} className="font-mono text-accent text-sm underline">
          {flag}
        </Link>
      ))}
    </span>
  );
}
