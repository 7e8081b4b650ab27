import { formatClock, formatDay } from "../format.ts";
import { Time } from "../time.tsx";

/** How far the data reaches, beside every block of numbers. */
export function FreshnessTag({ dataTo, live }: { dataTo: Date; live: boolean }) {
  return (
    <span className="inline-flex items-center gap-1.5 text-ink-2 text-sm">
      {live ? <span aria-hidden className="size-2 rounded-full bg-accent" /> : null}
      Data to {formatDay(dataTo)}, {formatClock(dataTo)}
      {live ? (
        <span>
          (<Time at={dataTo} />)
        </span>
      ) : null}
    </span>
  );
}
