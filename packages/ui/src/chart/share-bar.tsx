import { formatParts, WHOLE } from "../format.ts";
import { VariantMark, variantInk } from "./variant-mark.tsx";

export interface Share {
  name: string;
  /** Parts of 100,000. */
  parts: number;
  /** The variant's place among all variants: decides letter and colour. */
  at: number;
}

/** Who gets what, as one bar with its legend in figures. */
export function ShareBar({ shares, label }: { shares: readonly Share[]; label: string }) {
  const said = shares.map((share) => `${share.name} ${formatParts(share.parts)}`).join(", ");
  return (
    <div>
      <div
        role="img"
        aria-label={`${label}: ${said}`}
        className="flex h-2.5 gap-px overflow-hidden rounded-full bg-hover"
      >
        {shares
          .filter((share) => share.parts > 0)
          .map((share) => (
            <span
              key={share.name}
              style={{ width: `${(share.parts / WHOLE) * 100}%`, background: variantInk(share.at) }}
            />
          ))}
      </div>
      <ul aria-hidden className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-sm">
        {shares.map((share) => (
          <li key={share.name} className="inline-flex items-center gap-1.5">
            <VariantMark at={share.at} name={share.name} />
            <span className="font-medium">{formatParts(share.parts)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
