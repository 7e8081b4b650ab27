"use client";

import { useQuery } from "@tanstack/react-query";
import { Card, EnvChip, formatMoment, Note, PageHeader, SkeletonRows, Time } from "@telltale/ui";
import Link from "next/link";
import { useEffect } from "react";
import { pathTo, pathToFlag } from "../../place/paths.ts";
import { usePlace } from "../../place/place.tsx";
import { WayUp } from "../../place/way-up.tsx";
import { Loaded } from "../../query/loaded.tsx";
import type { ReleaseDetail } from "../../query/outputs.ts";
import { useTRPC } from "../../query/trpc.ts";
import { ReleaseStatusBadge, statusWord } from "../status-badge.tsx";
import { describeReleased, exposureSentence, isMoving, lookAgainMs } from "../words.ts";
import { GuardTiles } from "./guard-tiles.tsx";
import { describeWaits, Rail } from "./rail.tsx";
import { ReleaseActions } from "./release-actions.tsx";

/** A release: where it is, what it waits for, what may be done with it, and how it came here. */
export function ReleasePage({ release }: { release: number }) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const found = useQuery({
    ...trpc.release.get.queryOptions({ project: project.address, release }),
    refetchInterval: ({ state }) => lookAgainMs(state.data ? [state.data] : []),
  });
  return (
    <Loaded query={found} what="The release" skeleton={<SkeletonRows rows={6} label="Loading the release" />}>
      {(detail) => <ReleaseBody release={detail} />}
    </Loaded>
  );
}

/** Says in the tab where the release stands, so that a breach is seen from another one. */
function useTitle(release: ReleaseDetail) {
  const isAlarm = ["rolling_back", "rolled_back", "rollback_unverified"].includes(release.status);
  const title = `${isAlarm ? "⚠ " : ""}${statusWord(release)}: ${release.flag}`;
  useEffect(() => {
    const before = document.title;
    document.title = title;
    return () => {
      document.title = before;
    };
  }, [title]);
}

function ReleaseBody({ release }: { release: ReleaseDetail }) {
  const { project } = usePlace();
  useTitle(release);
  const { flag, environment, status, plan } = release;
  return (
    <>
      <PageHeader
        above={<WayUp to="releases" />}
        title={
          <>
            #{release.release} <span className="font-mono">{flag}</span>
          </>
        }
        beside={<ReleaseStatusBadge status={status} />}
        sentence={
          <>
            <span className="font-medium text-ink">{exposureSentence(release)}</span> For {describeReleased(plan)} of{" "}
            <Link href={pathToFlag(project, flag, environment.key)} className="text-accent underline">
              {flag}
            </Link>{" "}
            in <EnvChip {...environment} />; planned by {release.createdBy}, <Time at={release.createdAt} />.
          </>
        }
        actions={<ReleaseActions release={release} />}
      />
      <div className="grid grid-cols-1 gap-4">
        <Notes release={release} />
        <Card title="Steps">
          <Rail release={release} />
        </Card>
        <GuardTiles release={release} />
        <Log release={release} />
      </div>
    </>
  );
}

/** What is out of the ordinary, and what it waits for. */
function Notes({ release }: { release: ReleaseDetail }) {
  const { pause, status, startAt, isStalled } = release;
  const waits = describeWaits(release);
  return (
    <>
      {status === "rollback_unverified" ? (
        <Note tone="warn">
          What is served is not what was served before the release. Look at the flag, then roll back again, or give the
          release up.
        </Note>
      ) : null}
      {isStalled ? (
        <Note tone="warn">It has made no progress for three weeks. Advance it, or roll it back.</Note>
      ) : null}
      {pause ? (
        <Note tone="warn">{pause.sentence || "Somebody paused it. What is served stays until it goes on."}</Note>
      ) : null}
      {status === "scheduled" && startAt ? <Note>It starts at {formatMoment(startAt)}.</Note> : null}
      {isMoving(release) && waits.length > 0 && status !== "scheduled" ? <Note>{waits.join(" ")}</Note> : null}
    </>
  );
}

function Log({ release }: { release: ReleaseDetail }) {
  const { project } = usePlace();
  return (
    <Card title="Log">
      {release.transitions.length === 0 ? (
        <p className="text-ink-2">Nothing has happened yet.</p>
      ) : (
        <ol className="grid gap-3" aria-label="Log, newest first">
          {release.transitions.map((transition) => (
            <li key={transition.sequence} className="grid gap-x-3 sm:grid-cols-[8rem_minmax(0,1fr)]">
              <span className="text-muted text-sm">
                <Time at={transition.at} />
              </span>
              <span className="min-w-0 break-words">
                {transition.sentence} <span className="text-muted text-sm">{transition.actorName}</span>
                {transition.comment ? <span className="block text-ink-2">“{transition.comment}”</span> : null}
                {transition.revision === null ? null : (
                  <Link
                    href={`${pathTo(project, "flags", release.flag)}?env=${release.environment.key}&view=history`}
                    className="block text-muted text-sm underline"
                  >
                    revision {transition.revision} of the flag
                  </Link>
                )}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
