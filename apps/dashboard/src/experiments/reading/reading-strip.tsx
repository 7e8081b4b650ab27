"use client";

import { Choice, formatRate, Select } from "@telltale/ui";
import type { ReactNode } from "react";
import type { Snapshot } from "../../query/outputs.ts";
import { BreakdownField } from "./breakdown-field.tsx";
import { METHODS, type ResultView } from "./reading.ts";

const SWITCH = [
  { value: "on", label: "On" },
  { value: "off", label: "Off" },
];
const LIFTS: { value: ResultView["lift"]; label: string }[] = [
  { value: "relative", label: "Relative" },
  { value: "absolute", label: "Absolute" },
];

interface ReadingStripProps {
  reading: ResultView;
  /** As planned: its settings, and which metrics were adjusted. */
  snapshot: Pick<Snapshot, "settings" | "metrics">;
  onChange: (change: Partial<ResultView>) => void;
}

/** How the numbers below are read. What differs from the plan is for looking only. */
export function ReadingStrip({ reading, snapshot, onChange }: ReadingStripProps) {
  const plan = snapshot.settings;
  const level = formatRate(1 - plan.alpha, 1).replace(".0", "");
  return (
    <section
      aria-label="How the numbers are read"
      className="flex flex-wrap items-end gap-x-6 gap-y-3 rounded-lg border border-line bg-raised px-4 py-3"
    >
      <div className="w-66 max-w-full">
        <Select
          label="Engine"
          value={reading.method}
          options={METHODS.map(({ value, label }) => ({
            value,
            label: value === plan.method ? `${label} (as planned)` : label,
          }))}
          onChange={(method) => onChange({ method })}
        />
      </div>
      <Labelled name="CUPED">
        <Cuped snapshot={snapshot} on={reading.cuped} onChange={(cuped) => onChange({ cuped })} />
      </Labelled>
      <Labelled name="Lift">
        <Choice
          label="Lift in"
          value={reading.lift}
          options={LIFTS}
          onChange={(value) => onChange({ lift: value === "absolute" ? "absolute" : "relative" })}
        />
      </Labelled>
      <BreakdownField key={reading.by} by={reading.by} onChange={(by) => onChange({ by })} />
      <p className="basis-full text-muted text-sm">
        {level}
        {plan.sides === "one" ? ", primary metrics one-sided (found better only)" : ""},{" "}
        {plan.correct ? "corrected for several tests" : "not corrected for several tests"};{" "}
        {METHODS.find(({ value }) => value === reading.method)?.words}
      </p>
    </section>
  );
}

interface CupedProps {
  snapshot: ReadingStripProps["snapshot"];
  on: boolean;
  onChange: (on: boolean) => void;
}

/** A switch where something was adjusted; where nothing was, there is nothing to switch, and the reason stands there. */
function Cuped({ snapshot: { settings, metrics }, on, onChange }: CupedProps) {
  const adjusted = metrics.filter(({ adjustment }) => adjustment !== null).length;
  if (settings.cupedDays === 0) return <p className="py-1.5 text-ink-2">Off, not planned</p>;
  if (adjusted === 0) return <p className="py-1.5 text-ink-2">Nothing before exposure</p>;
  return (
    <span className="flex items-center gap-2">
      <Choice
        label="Adjusted by what was before exposure (CUPED)"
        value={on ? "on" : "off"}
        options={SWITCH}
        onChange={(value) => onChange(value === "on")}
      />
      {adjusted < metrics.length ? (
        <span className="text-muted text-sm">
          {adjusted} of {metrics.length} metrics
        </span>
      ) : null}
    </span>
  );
}

function Labelled({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <p aria-hidden className="mb-1 font-medium text-sm">
        {name}
      </p>
      {children}
    </div>
  );
}
