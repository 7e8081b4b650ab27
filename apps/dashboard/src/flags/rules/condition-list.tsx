"use client";

import { Button } from "@telltale/ui";
import { Plus } from "lucide-react";
import type { ConfigCondition } from "../../query/outputs.ts";
import { ConditionRow } from "./condition-row.tsx";

export interface ConditionListProps {
  conditions: readonly ConfigCondition[];
  /** "rule 2": names the fields. */
  of: string;
  /** Keys of the segments one may ask for; none: no segment conditions here. */
  segments: readonly string[];
  tried: boolean;
  disabled: boolean;
  onChange: (conditions: ConfigCondition[]) => void;
}

/** An empty condition to fill in. */
export const blankCondition: ConfigCondition = { attribute: "", op: "in", values: [] };

/** Conditions that must all hold. */
export function ConditionList({ conditions, of, segments, tried, disabled, onChange }: ConditionListProps) {
  return (
    <div className="grid gap-2">
      {conditions.map((condition, at) => (
        <div key={at} className="grid gap-2 sm:grid-cols-[2.5rem_minmax(0,1fr)]">
          <span className="flex h-8 items-center font-semibold text-muted text-xs">{at === 0 ? "IF" : "AND"}</span>
          <ConditionRow
            condition={condition}
            name={`condition ${at + 1} of ${of}`}
            segments={segments}
            tried={tried}
            disabled={disabled}
            onChange={(next) => onChange(conditions.with(at, next))}
            onRemove={() => onChange(conditions.toSpliced(at, 1))}
          />
        </div>
      ))}
      {tried && conditions.length === 0 ? (
        <p className="text-danger text-sm">Add a condition: without one this takes everybody.</p>
      ) : null}
      {disabled ? null : (
        <div className="flex flex-wrap gap-2 sm:pl-12">
          <Button size="small" look="ghost" onClick={() => onChange([...conditions, blankCondition])}>
            <Plus aria-hidden className="size-4" />
            Attribute
          </Button>
          {segments.length > 0 ? (
            <Button
              size="small"
              look="ghost"
              onClick={() => onChange([...conditions, { op: "inSegment", segments: [] }])}
            >
              <Plus aria-hidden className="size-4" />
              Segment
            </Button>
          ) : null}
        </div>
      )}
    </div>
  );
}
