"use client";

import { Cell, formatCount, formatParts, HeadCell, Row } from "@telltale/ui";
import Link from "next/link";
import { pathTo, pathToFlag } from "../../place/paths.ts";
import { usePlace } from "../../place/place.tsx";
import type { ExperimentSummary } from "../../query/outputs.ts";
import { datesWords } from "../dates.ts";
import { StatusBadge } from "../status-badge.tsx";
import { checksToWaitFor, pendingVerdict, readVerdict } from "../verdict/verdict.ts";

/** An experiment at a glance. */
export function ExperimentRow({ experiment }: { experiment: ExperimentSummary }) {
  const { project } = usePlace();
  const arms = experiment.arms.map(({ variant, parts }) => `${variant} ${formatParts(parts)}`).join(", ");
  return (
    <Row>
      <HeadCell>
        <Link
          href={pathTo(project, "experiments", experiment.key)}
          className="font-medium hover:text-accent hover:underline"
        >
          {experiment.name}
        </Link>
        <span className="block text-muted text-sm">{arms}</span>
      </HeadCell>
      <Cell label="Status">
        <StatusBadge status={experiment.status} />
      </Cell>
      <Cell from="lg">
        <Link
          href={pathToFlag(project, experiment.flag, experiment.environment)}
          className="whitespace-nowrap font-mono text-sm hover:text-accent hover:underline"
        >
          {experiment.flag}
        </Link>
        <span className="block text-muted text-sm">{experiment.environment}</span>
      </Cell>
      <Cell label="People" align="end">
        {formatCount(experiment.people)}
      </Cell>
      <Cell className="max-w-[44ch]">
        <span>
          <VerdictLine experiment={experiment} />
          {experiment.state.problem ? (
            <span className="block text-sm text-warn">The last run failed; these are the numbers before it.</span>
          ) : null}
        </span>
      </Cell>
      <Cell from="xl" className="whitespace-nowrap text-ink-2 text-sm">
        {datesWords(experiment)}
      </Cell>
    </Row>
  );
}

function VerdictLine({ experiment }: { experiment: ExperimentSummary }) {
  const { code, verdict, arms, status, pendingChecks } = experiment;
  if (code === null || verdict === null) {
    return <span className="text-muted">{status === "ended" ? "No data" : "No data yet"}</span>;
  }
  const waitsFor = checksToWaitFor(code, status, pendingChecks);
  const { title, body } =
    waitsFor.length > 0 ? pendingVerdict(waitsFor) : readVerdict({ verdict: { code, sentence: verdict }, arms });
  return (
    <>
      <span className="block font-medium">{title}</span>
      <span className="text-ink-2 text-sm">{body}</span>
    </>
  );
}
