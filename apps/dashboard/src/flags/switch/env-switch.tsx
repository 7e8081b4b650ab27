"use client";

import { useQuery } from "@tanstack/react-query";
import { ConfirmPopover, formatCount, Switch } from "@telltale/ui";
import { useState } from "react";
import { PUBLISHES_FLAG, usePlace, useReason } from "../../place/place.tsx";
import { useTRPC } from "../../query/trpc.ts";
import { countAnswers } from "../usage/answers.ts";
import { useSwitchFlag } from "./use-flag-changes.ts";

export interface EnvSwitchProps {
  flag: string;
  environment: { key: string; critical: boolean };
  on: boolean;
  revision: number;
  /** What it serves while on, in words: "on 10 %, off 90 %". */
  whenOn: string;
  /** What it serves while off. */
  whenOff: string;
  /** Key of an experiment that runs on it here. */
  experiment?: string | undefined;
}

/**
 * A flag's switch in an environment: at once where that is safe, after one question where it is critical or would take
 * an experiment its people.
 */
export function EnvSwitch({ flag, environment, on, revision, whenOn, whenOff, experiment }: EnvSwitchProps) {
  const reason = useReason(PUBLISHES_FLAG, environment.key);
  const change = useSwitchFlag();
  const [moving, setMoving] = useState<boolean>();
  const [asking, setAsking] = useState(false);
  const move = async (next: boolean) => {
    setAsking(false);
    setMoving(next);
    await change({ flag, environment: environment.key, revision }, next);
    setMoving(undefined);
  };
  const asks = environment.critical || (on && experiment !== undefined);
  const control = (
    <Switch
      label={`${flag} in ${environment.key}`}
      checked={moving ?? on}
      busy={moving !== undefined}
      reason={reason}
      tone={environment.critical ? "production" : "accent"}
      onChange={(next) => (asks ? setAsking(true) : void move(next))}
    />
  );
  if (!asks) return control;
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
      {on && experiment !== undefined ? <Interrupted experiment={experiment} /> : null}
    </ConfirmPopover>
  );
}

interface EffectProps {
  flag: string;
  environment: string;
  now: string;
  then: string;
}

/** What turning a flag off does to the experiment that runs on it. */
function Interrupted({ experiment }: { experiment: string }) {
  return (
    <p className="mt-2 rounded-md border border-warn bg-warn-soft px-3 py-2">
      The experiment <span className="font-medium">{experiment}</span> runs on it: nobody is assigned while it is off,
      and its results are no longer as planned. Its decision log will say so.
    </p>
  );
}

/** What the switch will do, with the number of answers it concerns. */
function Effect({ flag, environment, now, then }: EffectProps) {
  return (
    <>
      <p>
        Now everyone gets: <span className="font-medium text-ink">{now}</span>.
      </p>
      <p>
        Then: <span className="font-medium text-ink">{then}</span>.
      </p>
      <p className="mt-1">
        <Asked flag={flag} environment={environment} />
      </p>
    </>
  );
}

/** How often the flag was evaluated in the last day. */
function Asked({ flag, environment }: { flag: string; environment: string }) {
  const { project } = usePlace();
  const trpc = useTRPC();
  const usage = useQuery(trpc.flag.usage.queryOptions({ project: project.address, flag, environment, window: "day" }));
  if (usage.isPending) return "Counting answers…";
  if (usage.isError) return "How often it is evaluated is not known right now.";
  const count = countAnswers(usage.data);
  return count === 0
    ? "It was not evaluated in the last 24 hours."
    : `Evaluated ${formatCount(count)} times in the last 24 hours.`;
}
