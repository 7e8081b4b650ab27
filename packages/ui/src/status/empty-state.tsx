import type { ReactNode } from "react";

export interface EmptyStateProps {
  title: string;
  /** What to do so that something is here. */
  children: ReactNode;
  action?: ReactNode;
}

/** Nothing here yet, and how to change that. Never used for errors. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center px-6 py-12 text-center">
      <p className="font-semibold text-lg">{title}</p>
      <div className="mt-1 max-w-[52ch] text-ink-2">{children}</div>
      {action ? <div className="mt-4">{action}</div> : null}
    </div>
  );
}
