"use client";

import { Card, formatCount, formatParts } from "@telltale/ui";
import { VariantMark, variantInk } from "@telltale/ui/chart";
import type { ExperimentDetail, Snapshot } from "../../query/outputs.ts";

interface PeopleCardProps {
  experiment: ExperimentDetail;
  snapshot: Snapshot | null;
}

/** How many people were exposed to each variant, next to the planned shares. */
export function PeopleCard({ experiment, snapshot }: PeopleCardProps) {
  const units = experiment.arms.map(({ variant }) => snapshot?.arms.find((arm) => arm.variant === variant)?.units ?? 0);
  const total = units.reduce((sum, count) => sum + count, 0);
  const planned = snapshot?.progress.planned ?? experiment.plannedUnits;
  const ofPlanned = `${formatCount(total)} ${planned === null ? "in all" : `of ${formatCount(planned)} planned`}`;
  return (
    <Card title="People per variant" aside={<span className="text-muted text-sm">{ofPlanned}</span>}>
      <ul className="grid gap-3">
        {experiment.arms.map(({ variant, parts }, at) => {
          const count = units[at] ?? 0;
          const share = total === 0 ? 0 : Math.round((count / total) * 100_000);
          return (
            <li key={variant}>
              <div className="flex items-baseline justify-between gap-3">
                <span className="flex min-w-0 items-center gap-2">
                  <VariantMark at={at} name={variant} />
                  {at === 0 ? <span className="text-muted text-sm">control</span> : null}
                </span>
                <span data-testid={`people-${variant}`} className="font-semibold">
                  {formatCount(count)}
                </span>
              </div>
              <div aria-hidden className="relative mt-1 h-2 rounded-full bg-hover">
                <div
                  className="h-full rounded-full"
                  style={{ width: `${share / 1000}%`, background: variantInk(at) }}
                />
                <span className="absolute -top-0.5 h-3 w-px bg-ink" style={{ left: `${parts / 1000}%` }} />
              </div>
              <p className="mt-0.5 text-muted text-sm">
                {total === 0 ? "nobody" : formatParts(Math.round(share / 100) * 100)}, planned {formatParts(parts)}
              </p>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
