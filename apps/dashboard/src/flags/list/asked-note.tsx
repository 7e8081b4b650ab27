"use client";

import { Button, formatClock } from "@telltale/ui";
import { useAsked } from "./use-asked.ts";

/** Says when it is not known when flags were asked for, or since when; the list stands all the same. */
export function AskedNote() {
  const { data, error, dataUpdatedAt, isFetching, refetch } = useAsked();
  if (!error) return null;
  return (
    <p role="alert" className="flex flex-wrap items-center gap-2 text-ink-2">
      {data
        ? `“asked” is as of ${formatClock(new Date(dataUpdatedAt))}: it could not be refreshed.`
        : "When flags were asked for could not be loaded."}
      <Button look="ghost" size="small" busy={isFetching} onClick={() => void refetch()}>
        Try again
      </Button>
    </p>
  );
}
