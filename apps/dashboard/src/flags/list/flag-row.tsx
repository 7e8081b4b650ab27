"use client";

import { Badge, Cell, cx, EnvChip, HeadCell, Row, type RowPlace, Time } from "@telltale/ui";
import { FlaskConical } from "lucide-react";
import Link from "next/link";
import { memo } from "react";
import { pathToFlag } from "../../place/paths.ts";
import { usePlace } from "../../place/place.tsx";
import type { Environment, FlagSummary } from "../../query/outputs.ts";
import { EnvSwitch } from "../switch/env-switch.tsx";
import { AskedLine } from "./asked-line.tsx";

interface FlagRowProps {
  flag: FlagSummary;
  environments: readonly Environment[];
  /** The environment whose serving is described in words. */
  shownIn: string | undefined;
  /** When it was last evaluated; null when never, undefined while that is not known. */
  askedAt: string | null | undefined;
  /** Whether that was in `shownIn`. */
  askedHere: boolean;
  /** Its place in a long table, part by part: the whole would be another object each time. */
  index: RowPlace["data-index"];
  rowIndex: RowPlace["aria-rowindex"];
  measure: RowPlace["ref"];
}

/** A flag at a glance. Of a thousand, those are rendered again that have changed. */
export const FlagRow = memo(function FlagRow(props: FlagRowProps) {
  const { flag, environments, shownIn, askedAt, askedHere, index, rowIndex, measure } = props;
  const { project } = usePlace();
  return (
    <Row ref={measure} data-index={index} aria-rowindex={rowIndex}>
      <HeadCell>
        <Link
          href={pathToFlag(project, flag.key)}
          className="font-medium font-mono text-sm text-ink sm:whitespace-nowrap hover:text-accent hover:underline"
        >
          {flag.key}
        </Link>
        <span className="block text-muted text-sm">{flag.name}</span>
      </HeadCell>
      <Cell from="xl" className="text-ink-2">
        {flag.type}
      </Cell>
      {environments.map((environment) => {
        const state = flag.environments[environment.key];
        return (
          <Cell
            key={environment.key}
            className={cx(environment.critical && "bg-production-soft max-sm:bg-transparent")}
          >
            <span className="sm:hidden">
              <EnvChip name={environment.name} critical={environment.critical} />
            </span>
            {state ? (
              <EnvSwitch
                flag={flag.key}
                environment={environment}
                on={state.on}
                revision={state.revision}
                whenOn={state.whenOn}
                whenOff={state.whenOff}
                experiment={state.experiment}
              />
            ) : (
              "–"
            )}
          </Cell>
        );
      })}
      <Cell label="Serves">
        <div className="max-sm:text-right">
          <Serves state={shownIn === undefined ? undefined : flag.environments[shownIn]} />
          {askedAt !== undefined && shownIn !== undefined ? (
            <AskedLine at={askedAt} here={askedHere} environment={shownIn} />
          ) : null}
        </div>
      </Cell>
      <Cell from="lg" className="max-w-80 text-sm">
        <LastChange change={flag.lastChange} />
      </Cell>
    </Row>
  );
});

function Serves({ state }: { state: FlagSummary["environments"][string] | undefined }) {
  if (!state) return <span className="text-muted">nothing</span>;
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      <span className={state.on ? "" : "text-muted"}>
        {state.on ? state.whenOn : `off, everyone gets ${state.whenOff}`}
      </span>
      {state.experiment ? (
        <Badge tone="accent">
          <FlaskConical aria-hidden className="size-3" />
          {state.experiment}
        </Badge>
      ) : null}
    </span>
  );
}

function LastChange({ change }: { change: FlagSummary["lastChange"] }) {
  if (!change) return <span className="text-muted">never</span>;
  return (
    <>
      <span className="line-clamp-1" title={change.sentence}>
        {change.sentence}
      </span>
      <span className="block text-muted">
        {change.actorName}, <Time at={change.at} />
        {change.environment ? `, ${change.environment}` : ""}
      </span>
    </>
  );
}
