"use client";

import { useQuery } from "@tanstack/react-query";
import { Button } from "@telltale/ui";
import { Plus } from "lucide-react";
import { PUBLISHES_FLAG, usePlace, useReason } from "../../place/place.tsx";
import type { FlagConfiguration, FlagDetail } from "../../query/outputs.ts";
import { useTRPC } from "../../query/trpc.ts";
import { addRule, moveRule, newRuleId } from "../draft/serves.ts";
import { blankCondition } from "../rules/condition-list.tsx";
import { RuleCard } from "../rules/rule-card.tsx";

interface RuleListProps {
  flag: FlagDetail;
  config: FlagConfiguration;
  tried: boolean;
  disabled: boolean;
  onChange: (config: FlagConfiguration) => void;
}

/** The rules from the top; the first that matches decides. */
export function RuleList({ flag, config, tried, disabled, onChange }: RuleListProps) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const reason = useReason(PUBLISHES_FLAG);
  const segments = useQuery(trpc.segment.list.queryOptions({ project: project.address }));
  const keys = (segments.data ?? []).map(({ key }) => key);
  const { rules } = config;
  const add = () => {
    const [first] = flag.variants;
    const rule = { id: newRuleId(), when: [blankCondition], serve: { variant: first?.key ?? config.off } };
    onChange(addRule(config, rule));
  };
  return (
    <section aria-labelledby="rules" className="grid grid-cols-1 gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 id="rules" className="font-semibold">
          Rules <span className="font-normal text-muted text-sm">from the top; the first that matches decides</span>
        </h2>
        <Button reason={reason ?? (disabled ? "The flag is archived." : undefined)} onClick={add}>
          <Plus aria-hidden className="size-4" />
          Add a rule
        </Button>
      </div>
      {rules.length === 0 ? (
        <p className="rounded-lg border border-line border-dashed px-4 py-3 text-ink-2">
          No rules: everyone gets what is set below.
        </p>
      ) : null}
      {rules.map((rule, at) => (
        <RuleCard
          key={rule.id}
          flag={flag.key}
          rule={rule}
          at={at}
          count={rules.length}
          variants={flag.variants}
          off={config.off}
          segments={keys}
          tried={tried}
          disabled={disabled}
          onChange={(next) => onChange({ ...config, rules: rules.with(at, next) })}
          onMove={(by) => onChange(moveRule(config, at, by))}
          onRemove={() => onChange({ ...config, rules: rules.toSpliced(at, 1) })}
        />
      ))}
    </section>
  );
}
