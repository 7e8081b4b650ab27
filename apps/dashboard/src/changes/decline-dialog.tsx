"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Dialog, DialogActions, notify, TextArea } from "@telltale/ui";
import { useState } from "react";
import { NEEDS_SCRIPTS } from "../base-path.ts";
import { usePlace, useReason } from "../place/place.tsx";
import { readProblem } from "../query/problem.ts";
import { useTRPC } from "../query/trpc.ts";

/** Declines a change, with the reason that its author reads. */
export function DeclineDialog({ change }: { change: number }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { project } = usePlace();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const decline = useMutation(
    trpc.change.decline.mutationOptions({
      onSuccess: () => {
        notify(`#${change} is declined.`);
        setOpen(false);
        return queryClient.invalidateQueries({ queryKey: trpc.change.pathKey() });
      },
    }),
  );
  return (
    <>
      <Button look="ghost" reason={useReason(["change.review"])} onClick={() => setOpen(true)}>
        Decline
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title={`Decline #${change}?`}>
        <form
          {...NEEDS_SCRIPTS}
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim()) decline.mutate({ project: project.address, change, text });
          }}
        >
          <TextArea
            label="Why"
            hint="Its author reads this."
            maxLength={5_000}
            value={text}
            error={decline.error ? readProblem(decline.error).message : undefined}
            onChange={(event) => setText(event.target.value)}
          />
          <DialogActions>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button
              type="submit"
              look="solid"
              busy={decline.isPending}
              reason={text.trim() ? undefined : "Say why first."}
            >
              Decline
            </Button>
          </DialogActions>
        </form>
      </Dialog>
    </>
  );
}
