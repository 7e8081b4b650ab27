"use client";

import { Choice, PercentField, Select, TextField } from "@telltale/ui";
import { ShareBar } from "@telltale/ui/chart";
import Link from "next/link";
import { pathTo } from "../../place/paths.ts";
import { usePlace } from "../../place/place.tsx";
import type { ConfigServe, ConfigSplit, Variant } from "../../query/outputs.ts";
import { experimentOf, type ServePlace, toSplit, toVariant, variantPlace, withShare } from "../draft/serves.ts";

const PRESETS = [0, 5, 10, 25, 50, 100];
const KINDS = [
  { value: "variant", label: "One variant" },
  { value: "split", label: "Percentages" },
] as const;

export interface ServeEditorProps {
  /** Whose serving this is: "Everyone else", "Rule 1". */
  label: string;
  /** Ends the names of number fields where there may be several: " in rule 1". */
  suffix?: string;
  serve: ConfigServe;
  variants: readonly Variant[];
  /** The variant served while off. */
  off: string;
  place: ServePlace;
  onChange: (serve: ConfigServe) => void;
  disabled: boolean;
}

/** One variant for all who come here, or a split of them. */
export function ServeEditor(props: ServeEditorProps) {
  const { label, serve, variants, place, onChange, disabled } = props;
  const experiment = experimentOf(serve);
  if (experiment && "split" in serve) return <ExperimentSplit experiment={experiment} split={serve.split} {...props} />;
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <Choice
          label={`${label} gets`}
          value={"split" in serve ? "split" : "variant"}
          options={KINDS}
          disabled={disabled}
          onChange={(kind) => onChange(kind === "split" ? toSplit(serve, variants, place) : toVariant(serve))}
        />
        {"variant" in serve ? (
          <div className="min-w-40">
            <Select
              label={`Variant for ${label.toLowerCase()}`}
              hideLabel
              value={serve.variant}
              disabled={disabled}
              options={variants.map(({ key }) => ({ value: key, label: key }))}
              onChange={(variant) => onChange({ variant })}
            />
          </div>
        ) : null}
      </div>
      {"split" in serve ? <SplitEditor {...props} split={serve.split} /> : null}
    </div>
  );
}

interface SplitEditorProps extends ServeEditorProps {
  split: ConfigSplit;
}

function SplitEditor({ suffix = "", split, variants, off, onChange, disabled }: SplitEditorProps) {
  const fields = split.weights.length === 2 ? split.weights.slice(0, 1) : split.weights;
  return (
    <>
      {fields.map(({ variant, parts }) => (
        <PercentField
          key={variant}
          label={`Share of ${variant}${suffix}`}
          value={parts}
          presets={split.weights.length === 2 ? PRESETS : []}
          disabled={disabled}
          onChange={(next) => onChange({ split: withShare(split, variant, next) })}
        />
      ))}
      <Shares split={split} variants={variants} off={off} />
      <details>
        <summary className="w-fit cursor-pointer rounded-sm text-muted text-sm">
          Drawn by <span className="font-mono">{split.by}</span>
        </summary>
        <div className="mt-2 max-w-sm">
          <TextField
            label={`Attribute the draw is made by${suffix}`}
            mono
            value={split.by}
            disabled={disabled}
            hint="The same value always gets the same variant. Changing it assigns everybody again."
            onChange={(event) => onChange({ split: { ...split, by: event.target.value } })}
          />
        </div>
      </details>
    </>
  );
}

function Shares({ split, variants, off }: Pick<SplitEditorProps, "split" | "variants" | "off">) {
  const shares = split.weights.map(({ variant, parts }) => ({
    name: variant,
    parts,
    at: variantPlace(variants, off, variant),
  }));
  return <ShareBar label="Shares" shares={shares} />;
}

function ExperimentSplit({ experiment, split, variants, off }: SplitEditorProps & { experiment: string }) {
  const { project } = usePlace();
  return (
    <div className="grid gap-2">
      <p className="text-ink-2">
        Split by the experiment{" "}
        <Link href={pathTo(project, "experiments", experiment)} className="text-accent underline">
          {experiment}
        </Link>
        . Its shares stay as they are while it runs.
      </p>
      <Shares split={split} variants={variants} off={off} />
    </div>
  );
}
