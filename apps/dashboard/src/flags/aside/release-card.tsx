"use client";

import { useQuery } from "@tanstack/react-query";
import { Button, Card } from "@telltale/ui";
import Link from "next/link";
import { useState } from "react";
import { pathTo } from "../../place/paths.ts";
import { usePlace, useReason } from "../../place/place.tsx";
import type { FlagDetail, FlagEnvironment, ReleaseSummary } from "../../query/outputs.ts";
import { useTRPC } from "../../query/trpc.ts";
import { ReleaseActions } from "../../releases/page/release-actions.tsx";
import { RollOutDialog } from "../../releases/roll-out/roll-out-dialog.tsx";
import { ReleaseStatusBadge } from "../../releases/status-badge.tsx";
import { exposureSentence, isMoving, lookAgainMs } from "../../releases/words.ts";

interface ReleaseCardProps {
  flag: FlagDetail;
  environment: FlagEnvironment;
}

/** The release that owns the flag here, with what may be done with it; else the way to one. */
export function ReleaseCard({ flag, environment }: ReleaseCardProps) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const releases = useQuery({
    ...trpc.release.list.queryOptions({ project: project.address, flag: flag.key, isOpen: true }),
    refetchInterval: ({ state }) => lookAgainMs(state.data ?? []),
  });
  const here = (releases.data ?? []).filter((release) => release.environment.key === environment.key);
  const owning = here.some(isMoving);
  return (
    <Card title="Release" aside={owning ? undefined : <RollOutButton flag={flag} environment={environment} />}>
      {here.length === 0 ? (
        <p className="text-ink-2">Let a variant reach people step by step, watched, and taken back at any time.</p>
      ) : (
        <ul className="grid gap-4">
          {here.map((release) => (
            <OpenRelease key={release.release} release={release} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function OpenRelease({ release }: { release: ReleaseSummary }) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const detail = useQuery({
    ...trpc.release.get.queryOptions({ project: project.address, release: release.release }),
    refetchInterval: lookAgainMs([release]),
  });
  return (
    <li className="grid gap-2">
      <span className="flex flex-wrap items-center gap-2">
        <Link href={pathTo(project, "releases", String(release.release))} className="text-accent underline">
          Release #{release.release}
        </Link>
        <ReleaseStatusBadge status={release.status} />
      </span>
      <span className="text-ink-2">{release.pause?.sentence || exposureSentence(release)}</span>
      {detail.data ? <ReleaseActions release={detail.data} /> : null}
    </li>
  );
}

function RollOutButton({ flag, environment }: ReleaseCardProps) {
  const [open, setOpen] = useState(false);
  const reason = useReason(["release.create", "release.start", "environment.publish"], environment.key);
  const obstacle = obstacleTo(flag, environment);
  return (
    <>
      <Button reason={reason ?? obstacle} onClick={() => setOpen(true)}>
        Roll out…
      </Button>
      <RollOutDialog flag={flag} environment={environment} open={open} onOpenChange={setOpen} />
    </>
  );
}

/** Why nothing can be rolled out here now. */
function obstacleTo(flag: FlagDetail, environment: FlagEnvironment): string | undefined {
  if (flag.archivedAt) return "The flag is archived.";
  if (!environment.config.on) return `The flag is off in ${environment.name}. Turn it on first.`;
  const running = flag.experiments.find((each) => each.status === "running" && each.environment === environment.key);
  return running ? `Experiment ${running.key} runs on it here. Stop or decide it first.` : undefined;
}
