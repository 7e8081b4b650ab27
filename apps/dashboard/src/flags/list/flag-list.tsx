"use client";

import { useQuery } from "@tanstack/react-query";
import {
  Button,
  Card,
  type Column,
  EmptyState,
  EnvChip,
  LongTable,
  PageHeader,
  SearchField,
  SkeletonRows,
} from "@telltale/ui";
import { Plus } from "lucide-react";
import { useState } from "react";
import { usePlace, useReason } from "../../place/place.tsx";
import { Loaded } from "../../query/loaded.tsx";
import type { Environment, FlagSummary } from "../../query/outputs.ts";
import { useTRPC } from "../../query/trpc.ts";
import { useQueryParam } from "../../shell/query-param.ts";
import { NewFlagDialog } from "../create/new-flag-dialog.tsx";
import { lastAsked } from "./asked.ts";
import { AskedNote } from "./asked-note.tsx";
import { filterFlags } from "./filter.ts";
import { FlagRow } from "./flag-row.tsx";
import { useAsked } from "./use-asked.ts";

/** All flags of a project: what is on where, and one switch an environment. */
export function FlagList() {
  const trpc = useTRPC();
  const { project } = usePlace();
  const [query, setQuery] = useQueryParam("q");
  const [creating, setCreating] = useState(false);
  const flags = useQuery(trpc.flag.list.queryOptions({ project: project.address }));
  const environments = useQuery(trpc.project.get.queryOptions({ project: project.address }));
  const reason = useReason(["flag.create"]);
  const create = (
    <Button look="solid" reason={reason} onClick={() => setCreating(true)}>
      <Plus aria-hidden className="size-4" />
      New flag
    </Button>
  );
  const skeleton = <SkeletonRows rows={8} label="Loading the flags" />;
  return (
    <>
      <PageHeader title="Flags" actions={create} />
      <div className="mb-3">
        <SearchField
          label="Search flags"
          shortcut="/"
          placeholder="Search by key or name"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </div>
      <Loaded query={environments} what="The environments" skeleton={skeleton}>
        {(found) => (
          <Loaded query={flags} what="The flags" skeleton={skeleton}>
            {(all) => (
              <Card flush>
                {all.length === 0 ? (
                  <EmptyState title="Create your first flag" action={create}>
                    A flag decides what people see without a release. It starts off everywhere.
                  </EmptyState>
                ) : (
                  <FlagTable environments={found.environments} all={all} query={query} onClear={() => setQuery("")} />
                )}
              </Card>
            )}
          </Loaded>
        )}
      </Loaded>
      <NewFlagDialog open={creating} onOpenChange={setCreating} />
    </>
  );
}

interface FlagTableProps {
  environments: readonly Environment[];
  all: readonly FlagSummary[];
  query: string;
  onClear: () => void;
}

function FlagTable({ environments, all, query, onClear }: FlagTableProps) {
  const { data: asked } = useAsked();
  const shown = filterFlags(all, query);
  const critical = environments.find((environment) => environment.critical) ?? environments.at(-1);
  if (shown.length === 0) {
    return (
      <EmptyState title={`No flag matches “${query}”`} action={<Button onClick={onClear}>Clear the search</Button>}>
        None of the {all.length} flags has these words in its key, name or description.
      </EmptyState>
    );
  }
  const columns: Column[] = [
    { key: "flag", head: "Flag" },
    { key: "type", head: "Type", from: "xl" },
    ...environments.map((environment) => ({
      key: environment.key,
      head: <EnvChip name={environment.name} critical={environment.critical} />,
      className: environment.critical ? "bg-production-soft" : "",
    })),
    { key: "serves", head: `Serves in ${critical?.key ?? "no environment"}` },
    { key: "changed", head: "Last change", from: "lg" },
  ];
  return (
    <>
      <LongTable caption="Flags" columns={columns} items={shown} keyOf={({ key }) => key}>
        {(flag, place) => {
          const last = lastAsked(asked?.get(flag.key), critical?.key);
          return (
            <FlagRow
              flag={flag}
              index={place["data-index"]}
              rowIndex={place["aria-rowindex"]}
              measure={place.ref}
              environments={environments}
              shownIn={critical?.key}
              askedAt={asked && (last?.at ?? null)}
              askedHere={last?.here ?? false}
            />
          );
        }}
      </LongTable>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-line border-t px-4 py-2 text-muted text-sm">
        <p role="status">
          {shown.length === all.length ? `${all.length} flags` : `${shown.length} of ${all.length} flags`}
        </p>
        <AskedNote />
      </div>
    </>
  );
}
