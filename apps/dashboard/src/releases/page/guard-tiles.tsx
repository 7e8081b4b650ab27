import { Badge, Card, cx, formatCount, type Tone } from "@telltale/ui";
import type { ReleaseDetail } from "../../query/outputs.ts";

type Reading = NonNullable<ReleaseDetail["evidence"]>["readings"][number];

const STATES: Record<Reading["state"], { word: string; tone: Tone }> = {
  breached: { word: "Broken", tone: "danger" },
  cleared: { word: "Holds", tone: "better" },
  undecided: { word: "No harm shown", tone: "neutral" },
  unknown: { word: "Not known", tone: "warn" },
};

const REASONS: Record<NonNullable<Reading["reason"]>, string> = {
  no_units: "No unit was observed yet.",
  no_treated: "No unit with the variant was observed lately.",
  no_control: "No unit without the variant was observed lately, so there is nothing to compare with.",
  no_failures: "No unit failed.",
  zero_baseline: "No unit failed without the variant.",
};

/** How each guard stands: how many times as often units fail with the variant, and how sure that is. */
export function GuardTiles({ release }: { release: ReleaseDetail }) {
  const { plan, evidence } = release;
  if (plan.guards.length === 0) return null;
  const readings = new Map(evidence?.readings.map((reading) => [reading.metric, reading]));
  return (
    <Card
      title="Guards"
      aside={
        <span className="text-muted text-sm">
          {formatCount(evidence?.treatedUnits ?? 0)} of {formatCount(plan.minUnits)} units served the variant
        </span>
      }
    >
      <ul className="grid gap-3 md:grid-cols-2 xl:grid-cols-3">
        {plan.guards.map((guard) => {
          const reading = readings.get(guard.metric);
          return (
            <li key={guard.metric} className="grid content-start gap-1 rounded-md border border-line p-3">
              <span className="flex flex-wrap items-center justify-between gap-2">
                <span className="font-mono font-semibold">
                  {guard.metric}
                  {guard.above === undefined ? "" : ` > ${guard.above}`}
                </span>
                {reading ? (
                  <Badge tone={STATES[reading.state].tone}>{STATES[reading.state].word}</Badge>
                ) : (
                  <Badge>Not read yet</Badge>
                )}
              </span>
              {reading ? <Numbers reading={reading} /> : null}
              <span className="text-muted text-sm">
                {guard.action === "tell" ? "Says so" : guard.action === "pause" ? "Pauses" : "Rolls back"} above{" "}
                {(1 + guard.margin).toFixed(2)}×
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function Numbers({ reading }: { reading: Reading }) {
  const { effect, low, high, treated, control, reason, logEvidence, neededEvidence } = reading;
  const times = (value: number | null) => (value === null ? "…" : `${value.toFixed(value < 10 ? 2 : 0)}×`);
  const share = Math.min(1, Math.max(0, logEvidence / neededEvidence));
  return (
    <>
      <span className="tabular-nums">
        {effect === null ? null : <span className="font-semibold">{times(effect)} </span>}
        {low === null && high === null ? null : (
          <span className="text-ink-2">
            [{times(low)}, {times(high)}]
          </span>
        )}
      </span>
      <span className="text-ink-2 text-sm">
        {formatCount(treated)} failed with the variant, {formatCount(control)} without it.{" "}
        {reason ? REASONS[reason] : null}
      </span>
      <span className="flex items-center gap-2 text-muted text-sm">
        Evidence of harm
        <span aria-hidden className="h-1.5 min-w-16 flex-1 overflow-hidden rounded-full bg-line">
          <span
            className={cx("block h-full", share >= 1 ? "bg-danger" : "bg-accent")}
            style={{ width: `${share * 100}%` }}
          />
        </span>
        <span className="tabular-nums">{Math.round(share * 100)} %</span>
      </span>
    </>
  );
}
