import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

/** A question whose answer opens below it: the platform's own, so that every keyboard and screen reader knows it. */
export function Disclosure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <details className="group min-w-0">
      <summary className="inline-flex min-h-6 cursor-pointer list-none items-center gap-1 rounded-sm font-medium text-accent hover:underline [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
        {label}
      </summary>
      <div className="mt-1 pl-5">{children}</div>
    </details>
  );
}
