import { cx } from "../class-names.ts";

/** A grey place for something that is coming. Shows after 150 ms, so that quick answers do not flash. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cx("skeleton rounded-md bg-hover", className ?? "h-4 w-full")} />;
}

/** Rows of a list that is coming; says so once to screen readers. */
export function SkeletonRows({ rows, label }: { rows: number; label: string }) {
  return (
    <div role="status" aria-label={label} className="divide-y divide-line">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grey rows have no identity
        <div key={row} className="flex h-11 items-center gap-6 px-4">
          <Skeleton className="h-4 w-40" />
          <Skeleton className="h-4 w-16" />
          <Skeleton className="h-4 grow" />
        </div>
      ))}
    </div>
  );
}
