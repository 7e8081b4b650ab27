"use client";

import { useQuery } from "@tanstack/react-query";
import {
  Card,
  Cell,
  Choice,
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
import { pathTo } from "../place/paths.ts";
import { usePlace } from "../place/place.tsx";
import { Loaded } from "../query/loaded.tsx";
import type { ChangeSummary } from "../query/outputs.ts";
import { useTRPC } from "../query/trpc.ts";
import { useQueryParam } from "../shell/query-param.ts";
import { StateBadge } from "./state-badge.tsx";

const COLUMNS: Column[] = [
  { key: "change", head: "Change" },
  { key: "state", head: "State" },
  { key: "does", head: "What it does" },
  { key: "by", head: "By" },
];
/** How many sentences on a change the list shows. */
const TOLD_MAX = 2;

/** Changes that were proposed: those that may still be applied, or those that are done with. */
export function ChangeSetList() {
  const trpc = useTRPC();
  const { project } = usePlace();
  const [shown, setShown] = useQueryParam("show");
  const isOpen = shown !== "closed";
  const changes = useQuery(trpc.change.list.queryOptions({ project: project.address, isOpen }));
  return (
    <>
      <PageHeader
        title="Changes"
        sentence="Several edits as one: looked at by somebody else, applied together or at a time, and taken back together."
      />
      <div className="mb-3">
        <Choice
          label="Show"
          value={isOpen ? "open" : "closed"}
          options={[
            { value: "open", label: "Open" },
            { value: "closed", label: "Closed" },
          ]}
          onChange={(value) => setShown(value === "open" ? "" : value)}
        />
      </div>
      <Loaded query={changes} what="The changes" skeleton={<SkeletonRows rows={4} label="Loading the changes" />}>
        {(all) => (
          <Card flush>
            {all.length === 0 ? (
              <EmptyState title={isOpen ? "No change waits" : "No change is closed yet"}>
                {isOpen
                  ? "Changes that wait for a review, an approval or their time stand here."
                  : "Changes that were applied, declined or withdrawn stand here."}
              </EmptyState>
            ) : (
              <Table caption="Changes" columns={COLUMNS}>
                {all.map((change) => (
                  <ChangeRow key={change.change} change={change} />
                ))}
              </Table>
            )}
          </Card>
        )}
      </Loaded>
    </>
  );
}

function ChangeRow({ change }: { change: ChangeSummary }) {
  const { project } = usePlace();
  const told = change.preview.slice(0, TOLD_MAX);
  const more = change.preview.length - told.length;
  return (
    <Row>
      <HeadCell>
        <Link
          href={pathTo(project, "changes", String(change.change))}
          className="font-medium hover:text-accent hover:underline"
        >
          <span className="text-muted">#{change.change}</span> {change.title}
        </Link>
      </HeadCell>
      <Cell label="State">
        <StateBadge state={change.state} />
      </Cell>
      <Cell>
        <div className="min-w-0">
          {told.map((line) => (
            <span
              key={`${line.object} ${line.objectKey} ${line.environment} ${line.sentence}`}
              className="line-clamp-1"
            >
              <span className="font-mono text-sm">{line.objectKey}</span>
              {line.environment ? ` in ${line.environment}` : ""}: {line.sentence}
            </span>
          ))}
          {more > 0 ? <span className="text-muted text-sm">and {more} more</span> : null}
        </div>
      </Cell>
      <Cell label="By" className="text-sm">
        <div className="max-sm:text-right">
          {change.authorName}
          <span className="block text-muted">
            <When change={change} />
          </span>
        </div>
      </Cell>
    </Row>
  );
}

/** When it is or was applied, else when it was proposed. */
export function When({ change }: { change: ChangeSummary }) {
  if (change.appliedAt) {
    return (
      <>
        applied <Time at={change.appliedAt} />
      </>
    );
  }
  if (change.scheduledAt) {
    return (
      <>
        to be applied <Time at={change.scheduledAt} />
      </>
    );
  }
  return (
    <>
      proposed <Time at={change.createdAt} />
    </>
  );
}
