"use client";

import { useQuery } from "@tanstack/react-query";
import {
  Badge,
  Card,
  Cell,
  type Column,
  EmptyState,
  formatDay,
  HeadCell,
  PageHeader,
  Row,
  SkeletonRows,
  Table,
} from "@telltale/ui";
import { Loaded } from "../query/loaded.tsx";
import { useTRPC } from "../query/trpc.ts";
import { usePlace } from "../shell/project.tsx";
import { IngestionCard } from "./ingestion-card.tsx";

const COLUMNS: Column[] = [
  { key: "name", head: "Key" },
  { key: "environment", head: "Environment" },
  { key: "audience", head: "For" },
  { key: "created", head: "Created" },
  { key: "status", head: "Status" },
];
const AUDIENCES = { client: "browsers and apps", server: "servers" };

/** SDK keys, masked: only a hash of each is kept. */
export function KeyList() {
  const trpc = useTRPC();
  const { project } = usePlace();
  const keys = useQuery(trpc.project.keys.queryOptions({ project: project.key }));
  return (
    <>
      <PageHeader
        title="SDK keys"
        sentence="A key opens one environment. Client keys may be seen by anyone; server keys are secrets."
      />
      <Loaded query={keys} what="The keys" skeleton={<SkeletonRows rows={6} label="Loading the keys" />}>
        {(all) => (
          <Card flush>
            {all.length === 0 ? (
              <EmptyState title="No key yet">Keys are made when a project is set up.</EmptyState>
            ) : (
              <Table caption="SDK keys" columns={COLUMNS}>
                {all.map((key) => (
                  <Row key={key.id}>
                    <HeadCell>
                      <span className="font-mono text-sm">{key.hint}</span>
                      <span className="block text-muted text-sm">{key.name}</span>
                    </HeadCell>
                    <Cell label="Environment">{key.environment}</Cell>
                    <Cell label="For">{AUDIENCES[key.audience]}</Cell>
                    <Cell label="Created">{formatDay(key.createdAt)}</Cell>
                    <Cell label="Status">
                      {key.revokedAt ? (
                        <Badge>revoked {formatDay(key.revokedAt)}</Badge>
                      ) : (
                        <Badge tone="accent">active</Badge>
                      )}
                    </Cell>
                  </Row>
                ))}
              </Table>
            )}
          </Card>
        )}
      </Loaded>
      <div className="mt-6">
        <IngestionCard />
      </div>
    </>
  );
}
