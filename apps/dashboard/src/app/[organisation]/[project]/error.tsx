"use client";

import { ErrorCard } from "@telltale/ui";

export default function ProjectError({ reset }: { reset: () => void }) {
  return (
    <ErrorCard title="This page could not be shown" onRetry={reset}>
      Something broke while it was drawn; nothing was changed. If it stays, look at the dashboard's log.
    </ErrorCard>
  );
}
