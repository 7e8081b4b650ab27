import type { AnalysisPlan, Comparison, Verdict } from "@telltale/control";
import type { SplitCheck } from "@telltale/stats";

/** What the verdict is made from: the primary metric against the control, arm by arm, and the split check. */
export interface VerdictFacts {
  status: AnalysisPlan["status"];
  split: SplitCheck;
  people: number;
  primary: { metric: string; comparisons: { variant: string; comparison: Comparison }[] };
}

/** The verdict, health first. While the experiment runs it never says "ship": a fixed-horizon p-value is for its end. */
export function decide(facts: VerdictFacts): Verdict {
  const { split, status, people, primary } = facts;
  if (split.state === "alarm") {
    return {
      code: "health",
      sentence: `Do not decide yet: the split differs from the plan (p = ${shortP(split.p)}). Find out why before reading on.`,
    };
  }
  if (people === 0) return { code: "collecting", sentence: "Collecting: nobody has met a variant yet." };
  const known = primary.comparisons.filter(({ comparison }) => comparison.verdict !== "unknown");
  const sure = known.filter(({ comparison }) => comparison.verdict !== "unclear");
  const best = sure.toSorted((a, b) => size(b.comparison) - size(a.comparison));
  const lead = best.find(({ comparison }) => comparison.verdict === "better") ?? best[0];
  if (status === "running") return whileRunning(primary.metric, lead, known.length > 0);
  if (!lead) {
    return {
      code: "no-difference",
      sentence: `No clear difference in ${primary.metric} by the end of the experiment.`,
    };
  }
  const { variant, comparison } = lead;
  if (comparison.verdict === "better") {
    return { code: "ship", sentence: `Ship ${variant}: ${primary.metric} is better (${describe(comparison)}).` };
  }
  return {
    code: "worse",
    sentence: `Keep the control: ${variant} is worse in ${primary.metric} (${describe(comparison)}).`,
  };
}

function whileRunning(
  metric: string,
  lead: { variant: string; comparison: Comparison } | undefined,
  known: boolean,
): Verdict {
  if (!known) return { code: "collecting", sentence: "Collecting: too few people or conversions for an interval." };
  if (!lead) return { code: "keep-running", sentence: `Keep running: no clear difference in ${metric} yet.` };
  const { variant, comparison } = lead;
  return {
    code: "keep-running",
    sentence: `Keep running: ${variant} looks ${comparison.verdict} in ${metric} (${describe(comparison)}), but this test is valid at the planned end only. Looking early and stopping on it would find differences that are not there.`,
  };
}

function size(comparison: Comparison): number {
  return Math.abs(comparison.difference?.estimate ?? 0);
}

function describe({ lift, p }: Comparison): string {
  const effect = lift.state === "undefined" ? "" : `lift ${signed(lift.estimate)}, `;
  return `${effect}p = ${shortP(p)}`;
}

function signed(fraction: number): string {
  return `${fraction < 0 ? "−" : "+"}${Math.abs(fraction * 100).toFixed(1)} %`;
}

/** p as people read it: two significant digits, never "0". */
export function shortP(p: number | null): string {
  if (p === null) return "unknown";
  if (p < 0.0001) return "under 0.0001";
  return String(Number(p.toPrecision(2)));
}
