"use client";

import { Button, formatClock } from "@telltale/ui";
import { useAsked } from "./use-asked.ts";

/** A note shown when the last evaluations could not be loaded or refreshed; the list stays usable. */
export function AskedNote() {
  const { data, error, dataUpdatedAt, isFetching, refetch } = useAsked();
  if (!error) return null;
  return (
    <p role="alert" className="flex flex-wrap items-center gap-2 text-ink-2">
      {data
        ? `“evaluated” is as of ${formatClock(new Date(dataUpdatedAt))}: it could not be refreshed.`
        : "When flags were evaluated last could not be loaded."}
      <Button look="ghost" size="small" busy={isFetching} onClick={() => void refetch()}>
        Try again
      </Button>
    </p>
  );
}
