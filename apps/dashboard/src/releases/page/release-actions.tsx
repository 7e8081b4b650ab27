"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, ConfirmPopover, notify, TextField } from "@telltale/ui";
import { useState } from "react";
import { sayProblem } from "../../flags/switch/use-flag-changes.ts";
import { usePlace, useReason } from "../../place/place.tsx";
import type { ReleaseDetail } from "../../query/outputs.ts";
import { useTRPC } from "../../query/trpc.ts";

interface Acting {
  release: Pick<
    ReleaseDetail,
    "release" | "flag" | "environment" | "verbs" | "stateVersion" | "plan" | "waits" | "status"
  >;
}

/** What may be done with a release as it stands. The door knows best: what it refuses is said in its words. */
export function ReleaseActions({ release }: Acting) {
  const trpc = useTRPC();
  const { act, busy } = useAct(release);
  const offers = (verb: ReleaseDetail["verbs"][number]) => release.verbs.includes(verb);
  const advances = useReason(["release.advance", "environment.publish"], release.environment.key);
  const starts = useReason(["release.start", "environment.publish"], release.environment.key);
  const plans = useReason(["release.create"], release.environment.key);
  const approves = useReason(["release.approve"], release.environment.key);
  const start = useMutation(trpc.release.start.mutationOptions());
  const cancel = useMutation(trpc.release.cancel.mutationOptions());
  const pause = useMutation(trpc.release.pause.mutationOptions());
  const resume = useMutation(trpc.release.resume.mutationOptions());
  const approve = useMutation(trpc.release.approve.mutationOptions());
  const advance = useMutation(trpc.release.advance.mutationOptions());
  const finish = useMutation(trpc.release.decommission.mutationOptions());
  const { safe, seen } = useAddress(release);
  const waitsForApproval = release.waits.some(({ code }) => code === "approval");
  return (
    <div className="flex flex-wrap gap-2">
      {offers("cancel") ? (
        <Button
          look="ghost"
          busy={busy}
          reason={plans}
          onClick={() => act("cancelled", () => cancel.mutateAsync(seen))}
        >
          Cancel the release
        </Button>
      ) : null}
      {offers("start") ? (
        <Button
          look="solid"
          busy={busy}
          reason={starts}
          onClick={() => act("started", () => start.mutateAsync({ ...seen, at: null }))}
        >
          Start
        </Button>
      ) : null}
      {offers("pause") ? (
        <Button busy={busy} reason={advances} onClick={() => act("paused", () => pause.mutateAsync(safe))}>
          Pause
        </Button>
      ) : null}
      {offers("resume") ? (
        <Button
          look="solid"
          busy={busy}
          reason={advances}
          onClick={() => act("resumed", () => resume.mutateAsync(seen))}
        >
          Resume
        </Button>
      ) : null}
      {offers("approve") && waitsForApproval ? (
        <Button busy={busy} reason={approves} onClick={() => act("approved", () => approve.mutateAsync(seen))}>
          Approve this step
        </Button>
      ) : null}
      {offers("advance") ? (
        <Button
          busy={busy}
          reason={advances ?? (waitsForApproval ? "This step waits for an approval." : undefined)}
          onClick={() => act("advanced", () => advance.mutateAsync(seen))}
        >
          {release.status === "baking" ? "Complete now" : "Advance now"}
        </Button>
      ) : null}
      {offers("decommission") ? (
        <Button busy={busy} reason={advances} onClick={() => act("finished", () => finish.mutateAsync(seen))}>
          Give up the standby
        </Button>
      ) : null}
      {offers("rollback") ? <RollBack release={release} /> : null}
    </div>
  );
}

/** One question, never more: what is taken back, from whom, and why. */
export function RollBack({ release }: Acting) {
  const trpc = useTRPC();
  const { act, busy } = useAct(release);
  const [asking, setAsking] = useState(false);
  const [why, setWhy] = useState("");
  const reason = useReason(["release.rollback", "environment.publish"], release.environment.key);
  const rollback = useMutation(trpc.release.rollback.mutationOptions());
  const { safe } = useAddress(release);
  const go = async () => {
    const comment = why.trim() === "" ? undefined : why.trim();
    await act("being rolled back", () => rollback.mutateAsync({ ...safe, comment }));
    setAsking(false);
  };
  return (
    <ConfirmPopover
      open={asking}
      onOpenChange={setAsking}
      anchor={
        <Button look="danger" reason={reason} onClick={() => setAsking(true)}>
          Roll back
        </Button>
      }
      title={`Roll back in ${release.environment.key}?`}
      action={`Roll back in ${release.environment.key}`}
      busy={busy}
      onConfirm={() => void go()}
    >
      <p className="mb-3">
        Who got <span className="font-medium text-ink">{release.plan.variant}</span> by this release is served what was
        served before, within a second. Other edits of the flag stay.
      </p>
      <TextField
        label="Why (in the log)"
        value={why}
        maxLength={1_000}
        onChange={(event) => setWhy(event.target.value)}
      />
    </ConfirmPopover>
  );
}

function useAddress({ release, stateVersion }: Pick<ReleaseDetail, "release" | "stateVersion">) {
  const safe = { project: usePlace().project.address, release };
  return { safe, seen: { ...safe, expectedStateVersion: stateVersion } };
}

/** Runs an act and reads everything again: a step changes what the flag serves. */
function useAct({ release }: Pick<ReleaseDetail, "release">) {
  const queryClient = useQueryClient();
  const [busy, setBusy] = useState(false);
  const act = async (told: string, run: () => Promise<{ sentence: string }>) => {
    setBusy(true);
    try {
      notify(`Release ${release}: ${(await run()).sentence}`);
    } catch (error) {
      sayProblem(`Release ${release} is not ${told}`, error);
    } finally {
      setBusy(false);
      await queryClient.invalidateQueries();
    }
  };
  return { act, busy };
}
