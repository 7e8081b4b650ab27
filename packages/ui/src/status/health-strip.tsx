import { CircleCheck, CircleDashed, CircleX, TriangleAlert } from "lucide-react";
import { cx } from "../class-names.ts";

const STATES = {
  ok: { Icon: CircleCheck, word: "OK", ink: "text-ink-2" },
  pending: { Icon: CircleDashed, word: "Not enough data yet", ink: "text-muted" },
  warning: { Icon: TriangleAlert, word: "Look at this", ink: "text-warn" },
  alarm: { Icon: CircleX, word: "Broken", ink: "text-danger" },
};

export interface HealthCheck {
  key: string;
  state: keyof typeof STATES;
  label: string;
  /** The finding in figures, and what to do if it is not OK. */
  detail: string;
}

/** Whether the numbers below can be trusted, check by check. */
export function HealthStrip({ checks }: { checks: readonly HealthCheck[] }) {
  return (
    <section aria-label="Health" className="rounded-lg border border-line bg-raised px-4 py-3">
      <ul className="flex flex-wrap gap-x-8 gap-y-2">
        {checks.map(({ key, state, label, detail }) => {
          const { Icon, word, ink } = STATES[state];
          return (
            <li key={key} className="flex max-w-md items-start gap-2">
              <Icon aria-hidden className={cx("mt-0.5 size-4 shrink-0", ink)} />
              <span>
                <span className="font-medium">{label}</span>
                <span className={cx("ml-1.5", ink)}>{word}</span>
                <span className="block text-muted text-sm">{detail}</span>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
