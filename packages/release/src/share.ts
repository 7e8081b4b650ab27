import type { ConfigSplit } from "@telltale/configuration";

type Weights = ConfigSplit["weights"];

/**
 * Gives a variant more of a line of buckets. It grows from where it lies: first over what lies before it, then over what
 * lies behind it; one that has no place begins at 0. So nobody who has it loses it, whoever has it at a smaller share has
 * it at a larger one, and the end of the line is reached last.
 * @param parts what the variant gets, parts of 100,000; less than it has changes nothing
 * @returns the line in the same order, of the same length in parts
 */
export function growShare(weights: Readonly<Weights>, variant: string, parts: number): Weights {
  const isThere = weights.some((weight) => weight.variant === variant);
  const line = [...(isThere ? [] : [{ variant, parts: 0 }]), ...weights].map((weight) => ({ ...weight }));
  const at = line.findIndex((weight) => weight.variant === variant);
  const growing = line[at];
  if (!growing) return line;
  let missing = Math.max(0, parts - growing.parts);
  for (const neighbour of [...line.slice(0, at).reverse(), ...line.slice(at + 1)]) {
    const taken = Math.min(missing, neighbour.parts);
    neighbour.parts -= taken;
    growing.parts += taken;
    missing -= taken;
  }
  return line;
}
