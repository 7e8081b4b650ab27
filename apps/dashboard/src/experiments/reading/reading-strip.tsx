"use client";

import { Choice, formatRate, Select } from "@telltale/ui";
import type { ReactNode } from "react";
import type { Snapshot } from "../../query/outputs.ts";
import { BreakdownField } from "./breakdown-field.tsx";
import { METHODS, type Reading } from "./reading.ts";

const SWITCH = [
  { value: "on", label: "On" },
  { value: "off", label: "Off" },
];
const LIFTS: { value: Reading["lift"]; label: string }[] = [
  { value: "relative", label: "Relative" },
  { value: "absolute", label: "Absolute" },
];

interface ReadingStripProps {
  reading: Reading;
  plan: Snapshot["settings"];
  onChange: (change: Partial<Reading>) => void;
}

/** How the numbers below are read. What differs from the plan is for looking only. */
export function ReadingStrip({ reading, plan, onChange }: ReadingStripProps) {
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
        {plan.cupedDays > 0 ? (
          <Choice
            label="Adjusted by what was before exposure (CUPED)"
            value={reading.cuped ? "on" : "off"}
            options={SWITCH}
            onChange={(value) => onChange({ cuped: value === "on" })}
          />
        ) : (
          <p className="py-1.5 text-ink-2">Off, not planned</p>
        )}
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
        {level}, {plan.correct ? "corrected for several tests" : "not corrected for several tests"};{" "}
        {METHODS.find(({ value }) => value === reading.method)?.words}
      </p>
    </section>
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
