import { CircleCheck, CircleDashed, CircleX, TriangleAlert } from "lucide-react";
import { cx } from "../class-names.ts";
import { Disclosure } from "../surface/disclosure.tsx";

const STATES = {
  ok: { Icon: CircleCheck, word: "OK", ink: "text-ink-2" },
  pending: { Icon: CircleDashed, word: "Not enough data", ink: "text-muted" },
  warning: { Icon: TriangleAlert, word: "Look at this", ink: "text-warn" },
  alarm: { Icon: CircleX, word: "Broken", ink: "text-danger" },
};
const WORST_FIRST = ["alarm", "warning", "pending", "ok"] as const;

export interface HealthItem {
  key: string;
  state: keyof typeof STATES;
  label: string;
  /** The finding in figures, and what to do if it is not OK. */
  detail: string;
}

export interface HealthStripProps {
  checks: readonly HealthItem[];
  /** More data will come: what is not enough may be enough later. */
  live?: boolean;
}

/**
 * Whether the numbers below can be trusted, check by check, the worst first. What needs a look says so at once; the
 * sentences of the others open below.
 */
export function HealthStrip({ checks, live = true }: HealthStripProps) {
  const sorted = WORST_FIRST.flatMap((state) => checks.filter((check) => check.state === state));
  const quiet = sorted.filter(({ state }) => state === "ok" || state === "pending");
  return (
    <section aria-label="Health" className="rounded-lg border border-line bg-raised px-4 py-3">
      <ul className="flex flex-wrap gap-x-6 gap-y-2">
        {sorted.map((check) => (
          <Check key={check.key} check={check} full={!quiet.includes(check)} live={live} />
        ))}
      </ul>
      {quiet.length > 0 ? (
        <div className="mt-2">
          <Disclosure label="Details of the checks">
            <dl className="grid gap-1 text-sm">
              {quiet.map(({ key, label, detail }) => (
                <div key={key} className="flex flex-wrap gap-x-2">
                  <dt className="font-medium">{label}</dt>
                  <dd className="max-w-[72ch] text-ink-2">{detail}</dd>
                </div>
              ))}
            </dl>
          </Disclosure>
        </div>
      ) : null}
    </section>
  );
}

function Check({ check, full, live }: { check: HealthItem; full: boolean; live: boolean }) {
  const { Icon, word, ink } = STATES[check.state];
  const waits = check.state === "pending" && live;
  return (
    <li className={cx("flex items-start gap-2", full && "basis-full")}>
      <Icon aria-hidden className={cx("mt-0.5 size-4 shrink-0", ink)} />
      <span>
        <span className="font-medium">{check.label}</span>
        <span className={cx("ml-1.5", ink)}>
          {word}
          {waits ? " yet" : ""}
        </span>
        {full ? <span className="block max-w-[90ch] text-ink-2 text-sm">{check.detail}</span> : null}
      </span>
    </li>
  );
}
