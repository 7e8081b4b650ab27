import { formatCount, formatP, formatRate, type HealthCheck } from "@telltale/ui";
import type { ExperimentDetail, Snapshot } from "../../query/outputs.ts";

const MANY_IN_SEVERAL = 0.01;

/** Whether the numbers can be trusted: what was found, and what to do about it. */
export function healthChecks(snapshot: Snapshot, arms: ExperimentDetail["arms"]): HealthCheck[] {
  return [splitCheck(snapshot, arms), severalCheck(snapshot)];
}

function splitCheck(snapshot: Snapshot, arms: ExperimentDetail["arms"]): HealthCheck {
  const { split } = snapshot;
  const shares = (counts: number[]) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count) => (total === 0 ? "0" : ((count / total) * 100).toFixed(1))).join(" : ");
  };
  const found = `${shares(snapshot.arms.map(({ units }) => units))}, planned ${shares(arms.map(({ parts }) => parts))}`;
  const head = { key: "split", label: "Split" };
  switch (split.state) {
    case "ok":
      return { ...head, state: "ok", detail: `${found} (${formatP(split.p)})` };
    case "warning":
      return {
        ...head,
        state: "warning",
        detail: `${found} (${formatP(split.p)}). Watch it: chance alone rarely does this.`,
      };
    case "alarm":
      return {
        ...head,
        state: "alarm",
        detail: `${found} (${formatP(split.p)}). Chance does not do this. Look for a variant that loses people: redirects, crashes, bots.`,
      };
    case "too-few":
      return { ...head, state: "pending", detail: `${found}. It is tested from 5 expected people per variant.` };
    case "no-data":
      return { ...head, state: "pending", detail: "Nobody yet." };
    default: {
      const never: never = split.state;
      return never;
    }
  }
}

function severalCheck({ people, severalVariants }: Snapshot): HealthCheck {
  const total = people + severalVariants;
  const rate = total === 0 ? 0 : severalVariants / total;
  const counted = `${formatCount(severalVariants)} of ${formatCount(total)} met several (${formatRate(rate)}); they are left out.`;
  const head = { key: "several", label: "One variant each" };
  if (total === 0) return { ...head, state: "pending", detail: "Nobody yet." };
  if (rate <= MANY_IN_SEVERAL) {
    return { ...head, state: "ok", detail: severalVariants === 0 ? "Nobody met several variants." : counted };
  }
  return {
    ...head,
    state: "warning",
    detail: `${counted} Check that the same person always has the same targeting key.`,
  };
}
