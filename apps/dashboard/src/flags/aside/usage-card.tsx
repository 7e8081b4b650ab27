"use client";

import { useQuery } from "@tanstack/react-query";
import { Card, formatCount, Skeleton, useNow } from "@telltale/ui";
import { CountBars } from "@telltale/ui/chart";
import { Loaded } from "../../query/loaded.tsx";
import type { Usage, Variant } from "../../query/outputs.ts";
import { useTRPC } from "../../query/trpc.ts";
import { usePlace } from "../../shell/project.tsx";
import { variantPlace } from "../draft/serves.ts";
import { usageColumns } from "./usage.ts";

interface UsageCardProps {
  flag: string;
  environment: string;
  variants: readonly Variant[];
  /** The variant served while off. */
  off: string;
}

/** How often each variant was answered, by hour. */
export function UsageCard({ flag, environment, variants, off }: UsageCardProps) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const usage = useQuery(
    trpc.flag.usage.queryOptions({ project: project.key, flag, environment }, { refetchInterval: 10_000 }),
  );
  const now = useNow();
  const skeleton = <Skeleton className="h-28 w-full" />;
  return (
    <Card title="Answers, last 24 hours">
      <Loaded query={usage} what="The counts" skeleton={skeleton}>
        {(counts) =>
          now === null ? (
            skeleton
          ) : (
            <UsageChart counts={counts} variants={variants} off={off} now={now} environment={environment} />
          )
        }
      </Loaded>
    </Card>
  );
}

interface UsageChartProps {
  counts: Usage;
  variants: readonly Variant[];
  off: string;
  now: number;
  environment: string;
}

function UsageChart({ counts, variants, off, now, environment }: UsageChartProps) {
  const keys = variants.map(({ key }) => key);
  const columns = usageColumns(counts, keys, now);
  const total = columns.reduce((sum, column) => sum + column.counts.reduce((inner, count) => inner + count, 0), 0);
  if (total === 0) {
    return (
      <p className="text-ink-2">
        Nobody asked for it in {environment} yet. Put the code below into an app that uses the key of {environment}.
      </p>
    );
  }
  const sentence = `Answered ${formatCount(total)} times in ${environment} in the last 24 hours.`;
  return (
    <>
      <p className="mb-3 text-ink-2">{sentence}</p>
      <CountBars
        sentence={sentence}
        columns={columns}
        series={keys.map((name) => ({ name, at: variantPlace(variants, off, name) }))}
      />
    </>
  );
}
