import { Select } from "@telltale/ui";
import type { MetricResult } from "../../query/outputs.ts";

interface MetricSelectProps {
  metrics: readonly MetricResult[];
  chosen: MetricResult;
  onChange: (key: string) => void;
}

/** Which metric a chart draws; nothing where there is but one. */
export function MetricSelect({ metrics, chosen, onChange }: MetricSelectProps) {
  if (metrics.length < 2) return null;
  return (
    <Select
      label="Metric of the chart"
      hideLabel
      value={chosen.key}
      options={metrics.map(({ key, name }) => ({ value: key, label: name }))}
      onChange={onChange}
    />
  );
}
