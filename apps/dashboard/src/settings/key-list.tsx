"use client";

import { useQuery } from "@tanstack/react-query";
import {
  Badge,
  Button,
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
import { Plus } from "lucide-react";
import { useState } from "react";
import { usePlace, useReason } from "../place/place.tsx";
import { Loaded } from "../query/loaded.tsx";
import { useTRPC } from "../query/trpc.ts";
import { IngestionCard } from "./ingestion-card.tsx";
import { NewKeyDialog } from "./new-key-dialog.tsx";

const COLUMNS: Column[] = [
  { key: "name", head: "Key" },
  { key: "environment", head: "Environment" },
  { key: "audience", head: "For" },
  { key: "created", head: "Created" },
  { key: "status", head: "Status" },
];
const AUDIENCES = { client: "browsers and apps", server: "servers" };

/** SDK keys, masked: only a hash of each is kept. Whoever needs one to copy makes a new one. */
export function KeyList() {
  const trpc = useTRPC();
  const { project } = usePlace();
  const reason = useReason(["key.create"]);
  const [making, setMaking] = useState(false);
  const keys = useQuery(trpc.key.list.queryOptions({ project: project.address }));
  const found = useQuery(trpc.project.get.queryOptions({ project: project.address }));
  const make = (
    <Button look="solid" reason={reason} busy={!found.data} onClick={() => setMaking(true)}>
      <Plus aria-hidden className="size-4" />
      New key
    </Button>
  );
  return (
    <>
      <PageHeader
        title="SDK keys"
        sentence="A key opens one environment. Client keys may be seen by anyone; server keys are secrets. A key can be copied when it is made, and only then: if yours is lost, make a new one."
        actions={make}
      />
      <Loaded query={keys} what="The keys" skeleton={<SkeletonRows rows={6} label="Loading the keys" />}>
        {(all) => (
          <Card flush>
            {all.length === 0 ? (
              <EmptyState title="No key yet" action={make}>
                An SDK shows it to an edge, which then knows the environment.
              </EmptyState>
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
      <NewKeyDialog open={making} onOpenChange={setMaking} environments={found.data?.environments ?? []} />
    </>
  );
}
