"use client";

import { useQuery } from "@tanstack/react-query";
import {
  Card,
  Cell,
  Choice,
  type Column,
  EmptyState,
  EnvChip,
  HeadCell,
  PageHeader,
  Row,
  SkeletonRows,
  Table,
  Time,
} from "@telltale/ui";
import Link from "next/link";
import { pathTo } from "../place/paths.ts";
import { usePlace } from "../place/place.tsx";
import { Loaded } from "../query/loaded.tsx";
import type { ReleaseSummary } from "../query/outputs.ts";
import { useTRPC } from "../query/trpc.ts";
import { useQueryParam } from "../shell/query-param.ts";
import { ReleaseStatusBadge } from "./status-badge.tsx";
import { exposureSentence, lookAgainMs } from "./words.ts";

const COLUMNS: Column[] = [
  { key: "release", head: "Release" },
  { key: "environment", head: "Environment" },
  { key: "status", head: "Status" },
  { key: "serves", head: "Serves" },
  { key: "by", head: "By" },
];

/** Releases that go on or can be rolled back, or those that are over. */
export function ReleaseList() {
  const trpc = useTRPC();
  const { project } = usePlace();
  const [shown, setShown] = useQueryParam("show");
  const isOpen = shown !== "over";
  const releases = useQuery({
    ...trpc.release.list.queryOptions({ project: project.address, isOpen }),
    // Others start releases, too, and one that is rolled back now will be over soon.
    refetchInterval: ({ state }) => (isOpen && lookAgainMs(state.data ?? [])) || 5_000,
  });
  return (
    <>
      <PageHeader
        title="Releases"
        sentence="A variant reaches people step by step, by itself, and is taken back at any time. Start one from a flag's page: Roll out."
      />
      <div className="mb-3">
        <Choice
          label="Show"
          value={isOpen ? "open" : "over"}
          options={[
            { value: "open", label: "Open" },
            { value: "over", label: "Over" },
          ]}
          onChange={(value) => setShown(value === "open" ? "" : value)}
        />
      </div>
      <Loaded query={releases} what="The releases" skeleton={<SkeletonRows rows={4} label="Loading the releases" />}>
        {(all) => (
          <Card flush>
            {all.length === 0 ? (
              <EmptyState title={isOpen ? "No release is open" : "No release is over yet"}>
                {isOpen
                  ? "Open a flag and choose Roll out: who gets which variant, in which steps, and how long each is held."
                  : "Releases that are finished, rolled back or cancelled stand here."}
              </EmptyState>
            ) : (
              <Table caption="Releases" columns={COLUMNS}>
                {all.map((release) => (
                  <ReleaseRow key={release.release} release={release} />
                ))}
              </Table>
            )}
          </Card>
        )}
      </Loaded>
    </>
  );
}

function ReleaseRow({ release }: { release: ReleaseSummary }) {
  const { project } = usePlace();
  return (
    <Row>
      <HeadCell>
        <Link
          href={pathTo(project, "releases", String(release.release))}
          className="font-medium hover:text-accent hover:underline"
        >
          <span className="text-muted">#{release.release}</span> <span className="font-mono">{release.flag}</span>
        </Link>
      </HeadCell>
      <Cell label="Environment">
        <EnvChip {...release.environment} />
      </Cell>
      <Cell label="Status">
        <ReleaseStatusBadge status={release.status} />
      </Cell>
      <Cell>
        <span className="line-clamp-2">{release.pause?.sentence || exposureSentence(release)}</span>
      </Cell>
      <Cell label="By" className="text-sm">
        <div className="max-sm:text-right">
          {release.createdBy}
          <span className="block text-muted">
            <Time at={release.updatedAt} />
          </span>
        </div>
      </Cell>
    </Row>
  );
}
