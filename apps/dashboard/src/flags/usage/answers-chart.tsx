"use client";

import { formatClock, formatCount } from "@telltale/ui";
import { ChartFrame, CountBars } from "@telltale/ui/chart";
import type { ReactNode } from "react";
import type { FlagDetail, FlagEnvironment, Usage } from "../../query/outputs.ts";
import { answerColumns, answerSeries, answerTable, countAnswers, type UsageWindow, WINDOWS } from "./answers.ts";

interface AnswersChartProps {
  usage: Usage;
  window: UsageWindow;
  flag: FlagDetail;
  environment: FlagEnvironment;
  aside: ReactNode;
}

/** How often each variant was answered, step by step. */
export function AnswersChart({ usage, window, flag, environment, aside }: AnswersChartProps) {
  const { words, step } = WINDOWS[window];
  const series = answerSeries(usage, flag.variants, environment.config.off);
  const columns = answerColumns(usage, series);
  const total = countAnswers(usage);
  const times = total === 1 ? "once" : `${formatCount(total)} times`;
  const sentence = `Answered ${times} in ${environment.key} in ${words}, up to ${formatClock(usage.to)}.`;
  return (
    <ChartFrame
      title="Answers"
      unit={step === "hour" ? "an hour" : "a minute"}
      sentence={sentence}
      table={answerTable(columns, series, step)}
      aside={aside}
    >
      <CountBars sentence={sentence} columns={columns} series={series} step={step} />
    </ChartFrame>
  );
}
