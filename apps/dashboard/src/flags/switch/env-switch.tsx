"use client";

import { useQuery } from "@tanstack/react-query";
import { ConfirmPopover, formatCount, Switch, useNow } from "@telltale/ui";
import { useState } from "react";
import { useTRPC } from "../../query/trpc.ts";
import { useNoChangeReason, usePlace } from "../../shell/project.tsx";
import { useSwitchFlag } from "./use-flag-changes.ts";

export interface EnvSwitchProps {
  flag: string;
  environment: { key: string; critical: boolean };
  on: boolean;
  revision: number;
  /** What it serves now, in words: "on 10 %, off 90 %". */
  serves: string;
}

/** A flag's switch in an environment: at once where that is safe, after one question where it is critical. */
export function EnvSwitch({ flag, environment, on, revision, serves }: EnvSwitchProps) {
  const reason = useNoChangeReason();
  const change = useSwitchFlag();
  const [moving, setMoving] = useState<boolean>();
  const [asking, setAsking] = useState(false);
  const move = async (next: boolean) => {
    setAsking(false);
    setMoving(next);
    await change({ flag, environment: environment.key, revision }, next);
    setMoving(undefined);
  };
  const control = (
    <Switch
      label={`${flag} in ${environment.key}`}
      checked={moving ?? on}
      busy={moving !== undefined}
      reason={reason}
      tone={environment.critical ? "production" : "accent"}
      onChange={(next) => (environment.critical ? setAsking(true) : void move(next))}
    />
  );
  if (!environment.critical) return control;
  const act = on ? "Turn off" : "Turn on";
  return (
    <ConfirmPopover
      open={asking}
      onOpenChange={setAsking}
      anchor={control}
      title={`${act} ${flag} in ${environment.key}?`}
      action={`${act} in ${environment.key}`}
      onConfirm={() => void move(!on)}
    >
      <Effect flag={flag} environment={environment.key} on={on} serves={serves} />
    </ConfirmPopover>
  );
}

const DAY_MS = 86_400_000;

interface EffectProps {
  flag: string;
  environment: string;
  on: boolean;
  serves: string;
}

/** What the switch will do, with the number of answers it concerns. */
function Effect({ flag, environment, on, serves }: EffectProps) {
  const { project } = usePlace();
  const trpc = useTRPC();
  const now = useNow();
  const usage = useQuery(trpc.flag.usage.queryOptions({ project: project.key, flag, environment }));
  const since = (now ?? 0) - DAY_MS;
  const recent = (usage.data ?? []).filter(({ hour }) => new Date(hour).getTime() >= since);
  const count = recent.reduce((sum, one) => sum + one.count, 0);
  return (
    <>
      <p>
        {on ? "Everyone will get the off variant. Now: " : "Everyone now gets the off variant: "}
        <span className="font-medium text-ink">{serves.replace(/^off: /, "")}</span>.
      </p>
      <p className="mt-1">
        {usage.isPending
          ? "Counting answers…"
          : usage.isError
            ? "How often it is asked is not known right now."
            : `Asked ${formatCount(count)} times in the last 24 hours.`}
      </p>
    </>
  );
}
