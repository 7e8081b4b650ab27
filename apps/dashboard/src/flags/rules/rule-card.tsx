"use client";

import { Button, cx } from "@telltale/ui";
import { ArrowDown, ArrowUp, Trash2 } from "lucide-react";
import type { ConfigRule, Variant } from "../../query/outputs.ts";
import { experimentOf } from "../draft/serves.ts";
import { ConditionList } from "./condition-list.tsx";
import { ServeEditor } from "./serve-editor.tsx";

export interface RuleCardProps {
  flag: string;
  rule: ConfigRule;
  at: number;
  /** How many rules there are. */
  count: number;
  variants: readonly Variant[];
  off: string;
  segments: readonly string[];
  tried: boolean;
  disabled: boolean;
  onChange: (rule: ConfigRule) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

/** One rule: who, and what they get. Order counts, so every card can move. */
export function RuleCard(props: RuleCardProps) {
  const { flag, rule, at, variants, off, segments, tried, disabled, onChange } = props;
  const title = `Rule ${at + 1}`;
  const experiment = experimentOf(rule.serve);
  return (
    <section aria-label={title} className="rounded-lg border border-line bg-raised shadow-low">
      <div className="flex min-h-11 items-center justify-between gap-2 border-line border-b px-4 py-1">
        <h3 className="min-w-0 truncate font-semibold">
          {title}
          {rule.name ? <span className="ml-2 font-normal text-ink-2">{rule.name}</span> : null}
        </h3>
        {disabled ? null : <RuleActions {...props} locked={experiment !== undefined} />}
      </div>
      <div className="grid grid-cols-1 gap-4 p-4">
        {experiment ? null : (
          <ConditionList
            conditions={rule.when}
            of={title.toLowerCase()}
            segments={segments}
            tried={tried}
            disabled={disabled}
            onChange={(when) => onChange({ ...rule, when })}
          />
        )}
        <div className={cx("grid gap-2", experiment ? "" : "sm:grid-cols-[2.5rem_minmax(0,1fr)]")}>
          {experiment ? null : <span className="flex h-8 items-center font-semibold text-muted text-xs">THEN</span>}
          <ServeEditor
            label={title}
            suffix={` in rule ${at + 1}`}
            serve={rule.serve}
            variants={variants}
            off={off}
            place={{ flag, place: rule.id }}
            disabled={disabled}
            onChange={(serve) => onChange({ ...rule, serve })}
          />
        </div>
      </div>
    </section>
  );
}

function RuleActions({ at, count, onMove, onRemove, locked }: RuleCardProps & { locked: boolean }) {
  const rule = `rule ${at + 1}`;
  return (
    <span className="flex">
      <Button
        look="ghost"
        size="icon"
        aria-label={`Move ${rule} up`}
        reason={at === 0 ? "It is the first rule." : undefined}
        onClick={() => onMove(-1)}
      >
        <ArrowUp aria-hidden className="size-4" />
      </Button>
      <Button
        look="ghost"
        size="icon"
        aria-label={`Move ${rule} down`}
        reason={at === count - 1 ? "It is the last rule." : undefined}
        onClick={() => onMove(1)}
      >
        <ArrowDown aria-hidden className="size-4" />
      </Button>
      <Button
        look="ghost"
        size="icon"
        aria-label={`Remove ${rule}`}
        reason={locked ? "It belongs to a running experiment: stop that first." : undefined}
        onClick={onRemove}
      >
        <Trash2 aria-hidden className="size-4" />
      </Button>
    </span>
  );
}
