import { formatCount, formatRate } from "@telltale/ui";
import { VariantMark } from "@telltale/ui/chart";
import type { ReactNode } from "react";
import type { ArmResult, MetricResult, TreatmentResult } from "../../query/outputs.ts";
import { adjustmentWords, beliefWords, capWords, describeP, powerWords, valueWords } from "./metric-words.ts";

interface MetricDetailsProps {
  metric: MetricResult;
  result: TreatmentResult;
  variants: readonly string[];
  /** Names of a funnel's steps, as far as they are known. */
  steps: readonly string[];
}

const METHODS = { fixed: "fixed", sequence: "sequential", group: "group sequential" };
const FORMULAS = { welch: "Welch", fieller: "Fieller", newcombe: "Newcombe", mover: "MOVER" };

/** What lies behind a row: adjustment, cap, funnel steps, power, belief and method. */
export function MetricDetails({ metric, result, variants, steps }: MetricDetailsProps) {
  const { comparison, variant } = result;
  const arms = metric.arms.filter((arm, at) => at === 0 || arm.variant === variant);
  const belief = beliefWords(comparison);
  const adjustment = adjustmentWords(metric);
  const cap = capWords(metric);
  const power = powerWords(metric);
  return (
    // As wide as what is seen of the table, and in sight however far that is scrolled.
    <dl className="sticky left-4 grid w-[calc(100cqw-2rem)] gap-x-8 gap-y-3 rounded-md bg-surface p-4 sm:grid-cols-2 xl:grid-cols-3">
      {belief ? (
        <>
          <Fact name={`Chance that ${variant} is better`}>
            {belief.chance}
            <Note>By the data and the prior of past lifts; not a p-value.</Note>
          </Fact>
          <Fact name="Expected loss">{belief.losses}</Fact>
          <Fact name="Believed lift">{belief.lift}</Fact>
        </>
      ) : null}
      {adjustment ? (
        <Fact name="Adjusted (CUPED)">
          {adjustment}
          <ByArm arms={arms} variants={variants} write={(arm) => `raw ${valueWords(arm.raw, metric)}`} />
        </Fact>
      ) : null}
      {cap ? (
        <Fact name="Capped values">
          {cap}
          <ByArm arms={arms} variants={variants} write={(arm) => `${formatCount(arm.capped ?? 0)} units`} />
        </Fact>
      ) : null}
      {power ? <Fact name="Power">{power}</Fact> : null}
      {arms.some(({ reached }) => reached !== null) ? (
        <Fact name="Steps">
          <Steps arms={arms} variants={variants} names={steps} />
        </Fact>
      ) : null}
      <Fact name="Method">
        <Method comparison={comparison} />
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-muted text-sm">{name}</dt>
      <dd className="max-w-[52ch]">{children}</dd>
    </div>
  );
}

function Note({ children }: { children: ReactNode }) {
  return <span className="block text-muted text-sm">{children}</span>;
}

interface ByArmProps {
  arms: readonly ArmResult[];
  variants: readonly string[];
  write: (arm: ArmResult) => string;
}

function ByArm({ arms, variants, write }: ByArmProps) {
  return (
    <span className="mt-0.5 flex flex-wrap gap-x-4 text-sm">
      {arms.map((arm) => (
        <span key={arm.variant} className="inline-flex items-center gap-1.5">
          <VariantMark at={variants.indexOf(arm.variant)} name={arm.variant} />
          {write(arm)}
        </span>
      ))}
    </span>
  );
}

/** Units by funnel step, and what part of those before went on. */
function Steps({ arms, variants, names }: Omit<ByArmProps, "write"> & { names: readonly string[] }) {
  const steps = arms[0]?.reached ?? [];
  return (
    <table className="mt-1 text-sm">
      <thead>
        <tr className="text-left text-muted">
          <th scope="col" className="pr-4 font-medium">
            Step
          </th>
          {arms.map(({ variant }) => (
            <th key={variant} scope="col" className="pr-4 font-medium">
              <VariantMark at={variants.indexOf(variant)} name={variant} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {steps.map((_, at) => (
          <tr key={at}>
            <th scope="row" className="pr-4 text-left font-normal">
              {at + 1} {names[at]}
            </th>
            {arms.map((arm) => (
              <td key={arm.variant} className="whitespace-nowrap pr-4">
                {stepWords(arm, at)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function stepWords({ n, reached }: ArmResult, at: number): string {
  const here = reached?.[at] ?? 0;
  const before = at === 0 ? n : (reached?.[at - 1] ?? 0);
  return before === 0 ? formatCount(here) : `${formatCount(here)} (${formatRate(here / before, 1)})`;
}

function Method({ comparison }: { comparison: TreatmentResult["comparison"] }) {
  const interval = comparison.lift.state === "unknown" ? comparison.difference : comparison.lift;
  const by = describeP(comparison)?.by;
  if (interval.state === "unknown") return "no interval";
  const tests = by ? `, corrected by ${by}` : "";
  return `${METHODS[interval.method]}, interval by ${FORMULAS[interval.formula]} at ${formatRate(interval.level, 1)}${tests}`;
}
