"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, notify } from "@telltale/ui";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { sayProblem } from "../flags/switch/use-flag-changes.ts";
import { pathTo } from "../place/paths.ts";
import { usePlace, useReason } from "../place/place.tsx";
import type { ChangeDetail, ChangeState } from "../query/outputs.ts";
import { useTRPC } from "../query/trpc.ts";
import { DeclineDialog } from "./decline-dialog.tsx";
import { ScheduleDialog } from "./schedule-dialog.tsx";

const REVIEWED: readonly ChangeState[] = ["in_review", "approved", "scheduled"];
const APPLICABLE: readonly ChangeState[] = ["in_review", "approved", "scheduled", "failed"];
const OPEN: readonly ChangeState[] = ["draft", ...APPLICABLE];

/** What may be done with a change-set as it stands. The door knows best: what it refuses is said in its words. */
export function ChangeActions({ change }: { change: ChangeDetail }) {
  const { state } = change;
  return (
    <div className="flex flex-wrap gap-2">
      {OPEN.includes(state) ? <Withdraw change={change} /> : null}
      {OPEN.includes(state) ? <DeclineDialog change={change.change} /> : null}
      {REVIEWED.includes(state) ? <Approve change={change} /> : null}
      {APPLICABLE.includes(state) ? <ScheduleDialog change={change} /> : null}
      {APPLICABLE.includes(state) ? <ApplyNow change={change} /> : null}
      {change.canRevert ? <Revert change={change} /> : null}
    </div>
  );
}

interface ActProps {
  change: ChangeDetail;
}

/** Runs an act and reads everything again: an applied change may have touched any of it. */
function useAct(told: string) {
  const queryClient = useQueryClient();
  const [busy, setBusy] = useState(false);
  const act = async <T,>(run: () => Promise<T>, said: string): Promise<T | undefined> => {
    setBusy(true);
    try {
      const done = await run();
      notify(said);
      return done;
    } catch (error) {
      sayProblem(told, error);
      return undefined;
    } finally {
      setBusy(false);
      await queryClient.invalidateQueries();
    }
  };
  return { busy, act };
}

function useAddress({ change }: ChangeDetail) {
  return { project: usePlace().project.address, change };
}

function Withdraw({ change }: ActProps) {
  const address = useAddress(change);
  const { busy, act } = useAct("The change was not withdrawn");
  const withdraw = useMutation(useTRPC().change.withdraw.mutationOptions());
  return (
    <Button
      look="ghost"
      busy={busy}
      reason={useReason(["change.create"])}
      onClick={() => void act(() => withdraw.mutateAsync(address), `#${change.change} is withdrawn.`)}
    >
      Withdraw
    </Button>
  );
}

function Approve({ change }: ActProps) {
  const address = useAddress(change);
  const { busy, act } = useAct("The change was not approved");
  const approve = useMutation(useTRPC().change.approve.mutationOptions());
  const { fingerprint } = change;
  const reason = useReason(["change.review"]);
  return (
    <Button
      busy={busy}
      reason={reason ?? (change.isOwn ? "Somebody else has to look at what is yours." : undefined)}
      onClick={() =>
        void act(() => approve.mutateAsync({ ...address, fingerprint }), `You approved #${change.change}.`)
      }
    >
      Approve
    </Button>
  );
}

function ApplyNow({ change }: ActProps) {
  const address = useAddress(change);
  const { busy, act } = useAct("The change was not applied");
  const apply = useMutation(useTRPC().change.applyNow.mutationOptions());
  return (
    <Button
      look="solid"
      busy={busy}
      reason={useReason(["change.apply"])}
      onClick={() => void act(() => apply.mutateAsync(address), `#${change.change} is applied.`)}
    >
      Apply now
    </Button>
  );
}

function Revert({ change }: ActProps) {
  const { project } = usePlace();
  const router = useRouter();
  const address = useAddress(change);
  const { busy, act } = useAct("The change was not taken back");
  const revert = useMutation(useTRPC().change.revert.mutationOptions());
  const go = async () => {
    const made = await act(
      () => revert.mutateAsync(address),
      "What takes it back is proposed: look at it, then apply it.",
    );
    if (made) router.push(pathTo(project, "changes", String(made.change)));
  };
  return (
    <Button busy={busy} reason={useReason(["change.create"])} onClick={() => void go()}>
      Take it back
    </Button>
  );
}
