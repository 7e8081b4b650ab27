const INKS = ["var(--variant-a)", "var(--variant-b)", "var(--variant-c)", "var(--variant-d)", "var(--variant-e)"];

/** The colour of the variant at place `at`; after the fifth they begin again. */
export function variantInk(at: number): string {
  return INKS[at % INKS.length] ?? "var(--variant-a)";
}

/** "A", "B" … */
export function variantLetter(at: number): string {
  return String.fromCharCode(65 + (at % 26));
}

/** A variant by letter, colour and name. */
export function VariantMark({ at, name }: { at: number; name: string }) {
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5">
      <span
        aria-hidden
        className="inline-flex size-4 shrink-0 items-center justify-center rounded-sm border-2 font-bold text-[10px] leading-none"
        style={{ borderColor: variantInk(at) }}
      >
        {variantLetter(at)}
      </span>
      <span className="truncate font-mono text-sm">{name}</span>
    </span>
  );
}
