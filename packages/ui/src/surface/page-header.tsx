import type { ReactNode } from "react";

export interface PageHeaderProps {
  /** The way up. */
  above?: ReactNode;
  title: ReactNode;
  /** Beside the title: badges, a copy button. */
  beside?: ReactNode;
  /** One sentence on what is seen. */
  sentence?: ReactNode;
  actions?: ReactNode;
}

/** The head of a page: its one h1, what is so, and what one can do. */
export function PageHeader({ above, title, beside, sentence, actions }: PageHeaderProps) {
  return (
    <header className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        {above ? <div className="mb-1 text-muted text-sm">{above}</div> : null}
        <div className="flex flex-wrap items-center gap-2">
          <h1 className="min-w-0 break-words font-semibold text-2xl tracking-tight">{title}</h1>
          {beside}
        </div>
        {sentence ? <div className="mt-1 max-w-[72ch] text-ink-2">{sentence}</div> : null}
      </div>
      {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
    </header>
  );
}
