"use client";

import { useQuery } from "@tanstack/react-query";
import { ConfirmPopover, formatCount, Switch } from "@telltale/ui";
import { useState } from "react";
import { useTRPC } from "../../query/trpc.ts";
import { useNoChangeReason, usePlace } from "../../shell/project.tsx";
import { countAnswers } from "../usage/answers.ts";
import { useSwitchFlag } from "./use-flag-changes.ts";

export interface EnvSwitchProps {
  flag: string;
  environment: { key: string; critical: boolean };
  on: boolean;
  revision: number;
  /** What it serves while on, in words, where that is known: "on 10 %, off 90 %". */
  whenOn?: string | undefined;
  /** What it serves while off, where that is known. */
  whenOff?: string | undefined;
}

/** A flag's switch in an environment: at once where that is safe, after one question where it is critical. */
export function EnvSwitch({ flag, environment, on, revision, whenOn, whenOff }: EnvSwitchProps) {
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
      <Effect flag={flag} environment={environment.key} now={on ? whenOn : whenOff} then={on ? whenOff : whenOn} />
    </ConfirmPopover>
  );
}

interface EffectProps {
  flag: string;
  environment: string;
  now: string | undefined;
  then: string | undefined;
}

/** What the switch will do, with the number of answers it concerns. */
function Effect({ flag, environment, now, then }: EffectProps) {
  return (
    <>
      {now ? (
        <p>
          Now everyone gets: <span className="font-medium text-ink">{now}</span>.
        </p>
      ) : null}
      {then ? (
        <p>
          Then: <span className="font-medium text-ink">{then}</span>.
        </p>
      ) : null}
      <p className="mt-1">
        <Asked flag={flag} environment={environment} />
      </p>
    </>
  );
}

/** How often the flag was asked in the last day. */
function Asked({ flag, environment }: { flag: string; environment: string }) {
  const { project } = usePlace();
  const trpc = useTRPC();
  const usage = useQuery(trpc.flag.usage.queryOptions({ project: project.key, flag, environment, window: "day" }));
  if (usage.isPending) return "Counting answers…";
  if (usage.isError) return "How often it is asked is not known right now.";
  const count = countAnswers(usage.data);
  return count === 0
    ? "Nobody asked for it in the last 24 hours."
    : `Asked ${formatCount(count)} times in the last 24 hours.`;
}
