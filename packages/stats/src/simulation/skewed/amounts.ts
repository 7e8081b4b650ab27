import type { MetricArms } from "../../arms/metric.ts";
import { normalQuantile } from "../../distributions/normal.ts";
import type { Tails } from "../../inference/tails.ts";
import { binomial, type Random } from "../random.ts";

const LEVELS = 65_536;
const drawn = new Map<number, Float64Array>();

/** lognormal(3, 1.5) as its 65,536 quantiles, cut at the cap: quick to draw from, with exact moments. */
function amountsUpTo(cap: number): Float64Array {
  const before = drawn.get(cap);
  if (before) return before;
  const amounts = Float64Array.from({ length: LEVELS }, (_, index) => {
    const level = (index + 0.5) / LEVELS;
    const z = level < 0.5 ? -normalQuantile(2 * level) : normalQuantile(2 * (1 - level));
    return Math.min(cap, Math.exp(3 + 1.5 * z));
  });
  drawn.set(cap, amounts);
  return amounts;
}

/** Units that pay: their share of all, what they count of the amount now (y) and before (x), and how many visits they make. */
interface Payers {
  chance: number;
  y: number;
  x: number;
  visits: number;
}

/** Share of the units that pay. */
export const PAYING = 0.05;

/** One in twenty pays: as a mean; by visits (1 or 2 of each unit); or half of them with as much before, and as many others before. */
const payersOf = {
  mean: [{ chance: PAYING, y: 1, x: 0, visits: 0 }],
  ratio: [
    { chance: 0.025, y: 1, x: 0, visits: 1 },
    { chance: 0.025, y: 1, x: 0, visits: 2 },
  ],
  adjusted_mean: [
    { chance: 0.025, y: 1, x: 1, visits: 0 },
    { chance: 0.025, y: 1, x: 0, visits: 0 },
    { chance: 0.025, y: 0, x: 1, visits: 0 },
  ],
} as const satisfies Record<string, readonly Payers[]>;

export type MoneyKind = keyof typeof payersOf;
export const moneyKinds: readonly MoneyKind[] = ["mean", "ratio", "adjusted_mean"];

/** Sums over an arm's units. */
export interface Spent {
  n: number;
  y: number;
  x: number;
  yy: number;
  xx: number;
  xy: number;
  yyy: number;
}

export function nothingSpent(): Spent {
  return { n: 0, y: 0, x: 0, yy: 0, xx: 0, xy: 0, yyy: 0 };
}

export interface Money {
  kind: MoneyKind;
  /** Infinity for none. */
  cap: number;
  /** Is the skewness known from history? Without it the cap bounds it. */
  hasHistory: boolean;
}

/** What one unit that pays spends. */
export function amountOf(random: Random, cap: number): number {
  return amountsUpTo(cap)[Math.floor(random() * LEVELS)] ?? 0;
}

/** So many more units join an arm; each spends `extra` more than it would. */
export function spendMore(random: Random, arm: Spent, units: number, { kind, cap }: Money, extra = 0): void {
  const amounts = amountsUpTo(cap);
  let [left, chanceLeft] = [units, 1];
  arm.n += units;
  const own = nothingSpent();
  for (const { chance, y, x, visits } of payersOf[kind]) {
    const payers = binomial(random, left, chance / chanceLeft);
    [left, chanceLeft] = [left - payers, chanceLeft - chance];
    let [sum, squares, cubes] = [0, 0, 0];
    for (let i = 0; i < payers; i++) {
      const amount = amounts[Math.floor(random() * LEVELS)] ?? 0;
      sum += amount;
      squares += amount * amount;
      cubes += amount * amount * amount;
    }
    own.y += y * sum;
    own.x += x * sum + payers * visits;
    own.yy += y * y * squares;
    own.xx += x * x * squares + payers * visits * visits;
    own.xy += x * y * squares + visits * y * sum;
    own.yyy += y * y * y * cubes;
  }
  if (kind === "ratio") {
    const twice = binomial(random, left, 0.5);
    own.x += left + twice;
    own.xx += left + 3 * twice;
  }
  arm.yyy += own.yyy + 3 * extra * own.yy + 3 * extra * extra * own.y + units * extra ** 3;
  arm.yy += own.yy + 2 * extra * own.y + units * extra * extra;
  arm.xy += own.xy + extra * own.x;
  arm.y += own.y + units * extra;
  arm.x += own.x;
  arm.xx += own.xx;
}

/** An arm of so many units as it is on average: for plans. */
export function expectedSpent(n: number, { kind, cap }: Omit<Money, "hasHistory">): Spent {
  const [, first, second] = momentsUpTo(cap);
  const arm = { ...nothingSpent(), n };
  for (const { chance, y, x, visits } of payersOf[kind]) {
    const payers = n * chance;
    arm.y += payers * y * first;
    arm.x += payers * (x * first + visits);
    arm.yy += payers * y * y * second;
    arm.xx += payers * (x * x * second + visits * visits);
    arm.xy += payers * (x * y * second + visits * y * first);
  }
  if (kind === "ratio") {
    arm.x += 0.95 * n * 1.5;
    arm.xx += 0.95 * n * 2.5;
  }
  return arm;
}

type Powers = [one: number, first: number, second: number, third: number];
const powersUpTo = new Map<number, Powers>();

/** Means of the amounts' powers. */
function momentsUpTo(cap: number): Powers {
  const before = powersUpTo.get(cap);
  if (before) return before;
  const sums: Powers = [1, 0, 0, 0];
  for (const amount of amountsUpTo(cap)) {
    sums[1] += amount / LEVELS;
    sums[2] += (amount * amount) / LEVELS;
    sums[3] += (amount * amount * amount) / LEVELS;
  }
  powersUpTo.set(cap, sums);
  return sums;
}

/** The metric as it is analysed. */
export function moneyMetric(kind: MoneyKind, arms: readonly Spent[]): MetricArms {
  if (kind === "mean") {
    return { kind, arms: arms.map(({ n, y, yy }) => ({ n, mean: y / n, m2: Math.max(0, yy - (y * y) / n) })) };
  }
  const pairs = arms.map(({ n, y, x, yy, xx, xy }) => ({
    n,
    meanY: y / n,
    meanX: x / n,
    yy: Math.max(0, yy - (y * y) / n),
    xx: Math.max(0, xx - (x * x) / n),
    xy: xy - (x * y) / n,
  }));
  return { kind, arms: pairs };
}

/** Skewness of one unit's value, exactly: of y - coefficient x, which is what a ratio and CUPED compare. */
function skewnessOf({ kind, cap }: Omit<Money, "hasHistory">): number {
  const one = expectedSpent(1, { kind, cap });
  const [, first, second, third] = momentsUpTo(cap);
  const slope = (one.xy - one.x * one.y) / (one.xx - one.x * one.x);
  const coefficient = kind === "mean" ? 0 : kind === "ratio" ? one.y / one.x : slope;
  // Visits are symmetric around 1.5 and independent of the amounts: they add to the variance only.
  const isRatio = kind === "ratio";
  const raw = [first, second, third].map((moment, power) =>
    payersOf[kind].reduce((sum, { chance, y, x }) => sum + chance * (y - coefficient * x) ** (power + 1) * moment, 0),
  );
  const [mean = 0, square = 0, cube = 0] = raw;
  const variance = square - mean * mean + (isRatio ? coefficient * coefficient * 0.25 : 0);
  return Math.abs(cube - 3 * mean * square + 2 * mean ** 3) / variance ** 1.5;
}

/** What is known before the start. */
export function moneyTails(money: Money): Tails {
  const { kind, cap, hasHistory } = money;
  const reach = kind === "ratio" ? cap / 1.5 : cap;
  return { skewness: hasHistory ? skewnessOf(money) : null, reach: Number.isFinite(reach) ? reach : null };
}
