"use client";

import { useQuery } from "@tanstack/react-query";
import { Card, Note, PageHeader, SkeletonRows, Time } from "@telltale/ui";
import { usePlace } from "../place/place.tsx";
import { WayUp } from "../place/way-up.tsx";
import { Loaded } from "../query/loaded.tsx";
import type { ChangeDetail } from "../query/outputs.ts";
import { useTRPC } from "../query/trpc.ts";
import { ChangeActions } from "./change-actions.tsx";
import { When } from "./change-list.tsx";
import { Remark } from "./remark.tsx";
import { StateBadge } from "./state-badge.tsx";

/** A change-set: what it does, what was said of it, and what may be done with it. */
export function ChangePage({ change }: { change: number }) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const found = useQuery(trpc.change.get.queryOptions({ project: project.address, change }));
  return (
    <Loaded query={found} what="The change" skeleton={<SkeletonRows rows={6} label="Loading the change" />}>
      {(detail) => (
        <>
          <PageHeader
            above={<WayUp to="changes" />}
            title={`#${detail.change} ${detail.title}`}
            sentence={
              <>
                <StateBadge state={detail.state} /> {detail.authorName}, <When change={detail} />
                {detail.scheduledAt && detail.timeZone ? ` (${detail.timeZone})` : ""}
              </>
            }
            actions={<ChangeActions change={detail} />}
          />
          <div className="grid gap-4">
            {detail.problem ? <Note tone="warn">It was not applied at its time: {detail.problem}</Note> : null}
            {detail.description ? <p className="max-w-prose whitespace-pre-line">{detail.description}</p> : null}
            <Effects change={detail} />
            <Discussion change={detail} />
          </div>
        </>
      )}
    </Loaded>
  );
}

function Effects({ change }: { change: ChangeDetail }) {
  return (
    <Card title={change.state === "applied" ? "What it did" : "What it does"}>
      <ul className="grid gap-2">
        {change.preview.map((line) => (
          <li key={`${line.object} ${line.objectKey} ${line.environment} ${line.sentence}`}>
            <span className="text-muted text-sm">{line.object}</span>{" "}
            <span className="font-mono text-sm">{line.objectKey}</span>
            {line.environment ? ` in ${line.environment}` : ""}: {line.sentence}
          </li>
        ))}
      </ul>
    </Card>
  );
}

const WORDS = { remark: "said", approval: "approved", refusal: "declined" } as const;

function Discussion({ change }: { change: ChangeDetail }) {
  return (
    <Card title="Discussion">
      {change.notes.length === 0 ? <p className="text-muted">Nobody has said anything yet.</p> : null}
      <ol className="grid gap-3">
        {change.notes.map((note) => (
          <li key={`${note.at.toISOString()} ${note.actorName} ${note.kind}`}>
            <p className="text-muted text-sm">
              {note.actorName} {WORDS[note.kind]}, <Time at={note.at} />
              {note.isCurrent ? "" : ". It does something else now, so that this approval counts no more."}
            </p>
            {note.text ? <p className="whitespace-pre-line break-words">{note.text}</p> : null}
          </li>
        ))}
      </ol>
      <Remark change={change.change} />
    </Card>
  );
}
