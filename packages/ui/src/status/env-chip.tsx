import { Lock } from "lucide-react";
import { cx } from "../class-names.ts";

/** A place by name; a critical one by colour, lock and word. */
export function EnvChip({ name, critical }: { name: string; critical: boolean }) {
  return (
    <span
      className={cx(
        "inline-flex items-center gap-1 align-middle whitespace-nowrap",
        critical && "font-medium text-production",
      )}
    >
      {critical ? <Lock aria-hidden className="size-3.5" /> : null}
      {name}
    </span>
  );
}
