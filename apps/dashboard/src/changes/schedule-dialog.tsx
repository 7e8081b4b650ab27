"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Dialog, DialogActions, notify, TextField } from "@telltale/ui";
import { useState } from "react";
import { NEEDS_SCRIPTS } from "../base-path.ts";
import { usePlace, useReason } from "../place/place.tsx";
import type { ChangeDetail } from "../query/outputs.ts";
import { readProblem } from "../query/problem.ts";
import { useTRPC } from "../query/trpc.ts";

/** Gives a change its time, in the time zone of this browser, or takes it away. */
export function ScheduleDialog({ change }: { change: ChangeDetail }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { project } = usePlace();
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState("");
  const reason = useReason(["change.apply", "change.schedule"]);
  const address = { project: project.address, change: change.change };
  const settle = (said: string) => {
    notify(said);
    setOpen(false);
    return queryClient.invalidateQueries({ queryKey: trpc.change.pathKey() });
  };
  const schedule = useMutation(
    trpc.change.schedule.mutationOptions({ onSuccess: () => settle(`#${change.change} has its time.`) }),
  );
  const unschedule = useMutation(
    trpc.change.unschedule.mutationOptions({ onSuccess: () => settle(`#${change.change} waits for somebody again.`) }),
  );
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (change.state === "scheduled") {
    return (
      <Button reason={reason} busy={unschedule.isPending} onClick={() => unschedule.mutate(address)}>
        Unschedule
      </Button>
    );
  }
  return (
    <>
      <Button reason={reason} onClick={() => setOpen(true)}>
        Schedule
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Apply #${change.change} at a time`}
        description="With your permissions, within a second of it. Freezes and approvals are checked again then."
      >
        <form
          {...NEEDS_SCRIPTS}
          onSubmit={(event) => {
            event.preventDefault();
            if (at) schedule.mutate({ ...address, at: new Date(at).toISOString(), timeZone });
          }}
        >
          <TextField
            label="When"
            hint={`In ${timeZone}.`}
            type="datetime-local"
            value={at}
            error={schedule.error ? readProblem(schedule.error).message : undefined}
            onChange={(event) => setAt(event.target.value)}
          />
          <DialogActions>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button
              type="submit"
              look="solid"
              busy={schedule.isPending}
              reason={at ? undefined : "Choose a time first."}
            >
              Schedule
            </Button>
          </DialogActions>
        </form>
      </Dialog>
    </>
  );
}
