import { WHOLE } from "../format.ts";

/**
 * Gives `at` the share `parts` and takes the difference from the others in proportion, so that the sum stays whole.
 * With two shares, moving one moves the other. All shares are integers of 100,000; when the others were all
 * zero, the first of them gets the rest.
 */
export function moveShare(shares: readonly number[], at: number, parts: number): number[] {
  if (shares.length < 2) return shares.map(() => WHOLE);
  const wanted = Math.min(WHOLE, Math.max(0, Math.round(parts)));
  const rest = WHOLE - wanted;
  const others = shares.map((share, index) => (index === at ? 0 : share));
  const total = others.reduce((sum, share) => sum + share, 0);
  const firstOther = at === 0 ? 1 : 0;
  const scaled = others.map((share, index) =>
    total === 0 ? (index === firstOther ? rest : 0) : Math.floor((share * rest) / total),
  );
  let missing = rest - scaled.reduce((sum, share) => sum + share, 0);
  return scaled.map((share, index) => {
    if (index === at) return wanted;
    if (missing === 0 || others[index] === 0) return share;
    missing -= 1;
    return share + 1;
  });
}

/** Reads what a person typed as a percentage ("12.5", "12,5 %") into parts; undefined when it is not one. */
export function readPercent(text: string): number | undefined {
  const cleaned = text.trim().replace(/\s*%$/, "").replace(",", ".");
  if (!/^\d{1,3}(\.\d*)?$/.test(cleaned)) return undefined;
  const parts = Math.round(Number(cleaned) * 1000);
  return parts <= WHOLE ? parts : undefined;
}

/** Parts as the digits a person would type: 12_500 → "12.5". */
export function writePercent(parts: number): string {
  return String(Number((parts / 1000).toFixed(3)));
}
