"use client";

import { Button, Cell, formatCount, HeadCell, Row } from "@telltale/ui";
import { CiCell, intervalNote, intervalText, levelText, OutcomeWord, VariantMark } from "@telltale/ui/chart";
import { ChevronDown } from "lucide-react";
import { useId, useState } from "react";
import type { ArmResult, MetricResult, TreatmentResult } from "../../query/outputs.ts";
import type { ResultView } from "../reading/reading.ts";
import { effectOf, effectWriter, smallestEffect } from "./effects.ts";
import { MetricDetails } from "./metric-details.tsx";
import {
  countWords,
  describeP,
  detectableWords,
  guardrailWords,
  termsWords,
  valueWords,
  warningWords,
} from "./metric-words.ts";

const COLUMNS = 7;
const TONES = { good: "text-better", bad: "text-worse", open: "text-ink-2" };

interface ComparisonRowProps {
  metric: MetricResult;
  /** Its p is of one direction. */
  isOneSided: boolean;
  /** The metric's terms stand once, in its first row. */
  isFirst: boolean;
  steps: readonly string[];
  result: TreatmentResult;
  /** Control first. */
  variants: readonly string[];
  lift: ResultView["lift"];
  extent: number;
  /** Rows have different levels: each says its own. */
  showLevel: boolean;
}

/** A treatment against the control in one metric; what lies behind the numbers opens below it. */
export function ComparisonRow(props: ComparisonRowProps) {
  const { metric, isOneSided, isFirst, steps, result, variants, lift, extent, showLevel } = props;
  const id = useId();
  const [open, setOpen] = useState(false);
  const { comparison, variant } = result;
  const interval = effectOf(comparison, lift);
  const write = effectWriter(metric, lift);
  const treatment = metric.arms.find((arm) => arm.variant === variant);
  const guardrail = guardrailWords(result, metric);
  return (
    <>
      <Row className={open ? "border-b-0" : ""}>
        <MetricHead
          metric={metric}
          terms={isFirst ? termsOf(metric) : ""}
          variant={variant}
          open={open}
          id={id}
          onToggle={() => setOpen(!open)}
        />
        <ArmCell metric={metric} arm={metric.arms[0]} variants={variants} label="Control" />
        <ArmCell metric={metric} arm={treatment} variants={variants} label="Variant" />
        <Cell label={lift === "relative" ? "Lift" : "Difference"} align="end" className="whitespace-nowrap">
          <span className="font-semibold">{interval.estimate === null ? "–" : write(interval.estimate)}</span>
        </Cell>
        <Cell className="max-sm:justify-center">
          <span className="flex w-[204px] flex-col items-center py-1">
            <CiCell
              interval={interval}
              extent={extent}
              outcome={comparison.outcome}
              what={lift === "relative" ? "Lift" : "Difference"}
              write={write}
              smallest={smallestEffect(metric, lift)}
            />
            {interval.state === "unknown" ? null : (
              <span className="text-center text-ink-2 text-sm">
                {intervalNote(interval) ?? intervalText(interval, write)}
                {showLevel ? <span className="text-muted"> ({levelText(interval.level)})</span> : null}
              </span>
            )}
          </span>
        </Cell>
        <PCell isOneSided={isOneSided} comparison={comparison} />
        <Cell label="Outcome" className="sm:min-w-36">
          <span className="max-sm:text-right">
            <OutcomeWord outcome={comparison.outcome} />
            {guardrail ? <span className={`block text-sm ${TONES[guardrail.tone]}`}>{guardrail.words}</span> : null}
            {warningWords(comparison.warnings).map((warning) => (
              <span key={warning} className="block text-sm text-warn">
                {warning}
              </span>
            ))}
          </span>
        </Cell>
      </Row>
      {open ? (
        <tr className="border-line border-b max-sm:block">
          <td id={id} colSpan={COLUMNS} className="px-4 pb-4 max-sm:block">
            <MetricDetails metric={metric} result={result} variants={variants} steps={steps} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

function termsOf(metric: MetricResult): string {
  return [termsWords(metric), detectableWords(metric)].filter(Boolean).join(", ");
}

interface MetricHeadProps {
  metric: MetricResult;
  terms: string;
  variant: string;
  open: boolean;
  id: string;
  onToggle: () => void;
}

function MetricHead({ metric, terms, variant, open, id, onToggle }: MetricHeadProps) {
  return (
    <HeadCell className="min-w-44">
      <span className="flex items-start gap-1">
        <Button
          look="ghost"
          size="small"
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          aria-label={`Details: ${metric.name}, ${variant}`}
          onClick={onToggle}
          className="-ml-2 px-1!"
        >
          <ChevronDown aria-hidden className={open ? "size-4" : "-rotate-90 size-4"} />
        </Button>
        <span className="min-w-0 pt-1">
          <span className="block font-medium">{metric.name}</span>
          {terms ? <span className="block max-w-56 text-muted text-sm first-letter:uppercase">{terms}</span> : null}
        </span>
      </span>
    </HeadCell>
  );
}

interface ArmCellProps {
  metric: MetricResult;
  arm: ArmResult | undefined;
  variants: readonly string[];
  label: string;
}

function ArmCell({ metric, arm, variants, label }: ArmCellProps) {
  if (!arm) return <Cell label={label} align="end" children="–" />;
  const adjusted = metric.adjustment !== null && arm.raw !== null && arm.raw !== arm.value;
  return (
    <Cell label={label} align="end">
      <span className="inline-block">
        <span className="block whitespace-nowrap font-medium">{valueWords(arm.value, metric)}</span>
        {adjusted ? (
          <span className="block whitespace-nowrap text-muted text-xs">raw {valueWords(arm.raw, metric)}</span>
        ) : null}
        <span className="flex items-center justify-end gap-2 whitespace-nowrap text-muted text-sm">
          <VariantMark at={Math.max(0, variants.indexOf(arm.variant))} name={arm.variant} />
        </span>
        <span className="block whitespace-nowrap text-muted text-xs">{countWords(arm, metric)}</span>
        {arm.capped ? (
          <span className="block whitespace-nowrap text-muted text-xs">{formatCount(arm.capped)} capped</span>
        ) : null}
      </span>
    </Cell>
  );
}

interface PCellProps {
  isOneSided: boolean;
  comparison: TreatmentResult["comparison"];
}

function PCell({ isOneSided, comparison }: PCellProps) {
  const words = describeP(comparison);
  return (
    <Cell label="p-value" className="whitespace-nowrap">
      {words ? (
        <span className="max-sm:text-right">
          {words.raw}
          {isOneSided ? <span className="block text-muted text-sm">one-sided</span> : null}
          {words.corrected ? <span className="block text-muted text-sm">{words.corrected}</span> : null}
        </span>
      ) : (
        "–"
      )}
    </Cell>
  );
}
