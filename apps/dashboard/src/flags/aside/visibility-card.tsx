"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Card, notify, Select } from "@telltale/ui";
import { useState } from "react";
import { PUBLISHES_FLAG, usePlace, useReason } from "../../place/place.tsx";
import type { FlagDetail } from "../../query/outputs.ts";
import { readProblem } from "../../query/problem.ts";
import { useTRPC } from "../../query/trpc.ts";
import { hintOf, VISIBILITIES, type Visibility } from "../visibility.ts";

/** What browsers and apps get of the flag, in every environment; changed here, after a look at what it means. */
export function VisibilityCard({ flag }: { flag: FlagDetail }) {
  const { key, visibility, archivedAt, experiments } = flag;
  const [chosen, choose] = useState<Visibility>();
  const noChange = useReason(PUBLISHES_FLAG);
  const { save, busy, problem, forget } = useSetVisibility(key, () => choose(undefined));
  const shown = chosen ?? visibility;
  const reason = noChange ?? (archivedAt ? "The flag is archived: it answers everyone's default." : undefined);
  const running = experiments.filter(({ status }) => status === "running").map(({ name }) => name);
  const edit = (next: Visibility | undefined) => {
    forget();
    choose(next === visibility ? undefined : next);
  };
  return (
    <Card title="In browsers and apps">
      <Select
        label="What client keys get"
        hideLabel
        hint={reason ?? `${hintOf(shown)} The same in every environment.`}
        error={problem}
        value={shown}
        options={VISIBILITIES}
        disabled={reason !== undefined || busy}
        onChange={edit}
      />
      {shown !== "client" && running.length > 0 ? (
        <p className="mt-3 text-sm text-warn">
          {running.join(", ")} {running.length > 1 ? "are" : "is"} running: browsers and apps expose nobody while they
          do not decide the flag by themselves.
        </p>
      ) : null}
      {chosen ? (
        <div className="mt-3 flex justify-end gap-2">
          <Button look="ghost" onClick={() => edit(undefined)}>
            Cancel
          </Button>
          <Button look="solid" busy={busy} onClick={() => save(chosen)}>
            Apply everywhere
          </Button>
        </div>
      ) : null}
    </Card>
  );
}

function useSetVisibility(flag: string, onDone: () => void) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { project } = usePlace();
  const change = useMutation(
    trpc.flag.setVisibility.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries();
        onDone();
        notify(`What clients get of ${flag} was changed in every environment.`);
      },
    }),
  );
  return {
    save: (visibility: Visibility) => change.mutate({ project: project.address, flag, visibility }),
    busy: change.isPending,
    problem: change.error ? readProblem(change.error).message : undefined,
    forget: change.reset,
  };
}
