import type { Model } from "@telltale/db";
import { z } from "zod";
import type { Journal } from "./change.ts";
import { ControlError } from "./error.ts";

const KINDS = ["flag", "segment", "release", "experiment", "metric", "layer", "holdout", "sdk-key"] as const;

const approvalRule = z.object({
  /** People who must approve; the author is never one of them. */
  count: z.int().min(1).max(10),
  /** Keys of teams, one of which each of them must be in; empty or absent: anybody who may. */
  from: z.array(z.string().max(100)).max(20).optional(),
  /** Kinds of things whose changes ask for it; absent: all. */
  kinds: z.array(z.enum(KINDS)).max(KINDS.length).optional(),
});

/** What changes ask for in an environment, or in all of a project where the environment says nothing else. */
export const policySchema = z.object({
  approvals: z.array(approvalRule).max(10).optional(),
  /** Every change says why. */
  isCommentNeeded: z.boolean().optional(),
  /** Windows in which nothing is published. */
  freezes: z
    .array(
      z.object({
        from: z.iso.datetime({ offset: true }),
        to: z.iso.datetime({ offset: true }),
        reason: z.string().max(500),
      }),
    )
    .max(100)
    .optional(),
  /** Whether what only takes away, such as switching off, goes through at once. Default true. */
  isSafeExempt: z.boolean().optional(),
});
export type Policy = z.output<typeof policySchema>;

type Place = Pick<Model.Environment, "id" | "key" | "name">;

/** Something that a policy requires before an environment may be published. */
export type Need =
  | { kind: "approvals"; environment: Place; count: number; have: number; from: string[] }
  | { kind: "comment"; environment: Place }
  | { kind: "freeze"; environment: Place; until: string; reason: string };

/** Somebody who approved, and for which environments that counts. */
export interface Approval {
  userId: string;
  teams: readonly string[];
  environments: readonly string[];
}

/** An environment with what changes ask for there and in its project. */
type Governed = Place & Pick<Model.Environment, "policy"> & { project: Pick<Model.Project, "policy"> };

/** What holds in an environment: its own policy, and the project's where that says nothing. */
function policyOf({ policy, project }: Pick<Governed, "policy" | "project">): Policy {
  return { ...policySchema.parse(project.policy), ...policySchema.parse(policy) };
}

/** What the policy of a touched environment still requires. */
export function needsOf(
  { id, key, name, policy: own, project }: Governed,
  journal: Readonly<Journal>,
  now: Date,
): Need[] {
  const environment = { id, key, name };
  const policy = policyOf({ policy: own, project });
  const nature = journal.touched.get(id)?.nature;
  if (nature === "rollback" || (nature === "safe" && policy.isSafeExempt !== false)) return [];
  const freezes = freezesNow(policy, now).map(({ to, reason }) => {
    return { kind: "freeze" as const, environment, until: to, reason };
  });
  if (nature === "planned") return freezes;
  const kinds = new Set(journal.lines.map(({ object }) => object));
  return [
    ...approvalsNeeded(policy, environment, kinds, journal.approvals),
    ...(policy.isCommentNeeded && !isCommented(journal) ? [{ kind: "comment" as const, environment }] : []),
    ...freezes,
  ];
}

function approvalsNeeded(
  { approvals = [] }: Policy,
  environment: Place,
  kinds: ReadonlySet<string>,
  given: readonly Approval[],
): Need[] {
  const counted = given.filter(({ environments }) => environments.includes(environment.id));
  return approvals.flatMap(({ count, from = [], kinds: asked }) => {
    if (asked && !asked.some((kind) => kinds.has(kind))) return [];
    const fitting = counted.filter(({ teams }) => from.length === 0 || teams.some((team) => from.includes(team)));
    const have = new Set(fitting.map(({ userId }) => userId)).size;
    return have >= count ? [] : [{ kind: "approvals" as const, environment, count, have, from }];
  });
}

function isCommented({ lines, comment }: Readonly<Journal>): boolean {
  return comment.trim() !== "" || lines.every((line) => (line.comment ?? "").trim() !== "");
}

function freezesNow({ freezes = [] }: Policy, now: Date) {
  return freezes.filter(({ from, to }) => new Date(from) <= now && now < new Date(to));
}

/** The freeze in which an environment is now; null where it is in none. Of several, the one that ends last. */
export function findFreeze(
  governed: Pick<Governed, "policy" | "project">,
  now: Date,
): { until: number; reason: string } | null {
  const freezes = freezesNow(policyOf(governed), now).map(({ to, reason }) => ({ until: Date.parse(to), reason }));
  return freezes.sort((a, b) => b.until - a.until)[0] ?? null;
}

/** What is required, in sentences. */
export function describeNeeds(needs: readonly Need[]): string {
  return needs.map(describeNeed).join(" ");
}

function describeNeed(need: Need): string {
  const where = need.environment.name;
  switch (need.kind) {
    case "approvals": {
      const people = need.count === 1 ? "one approval" : `${need.count} approvals`;
      const whose = need.from.length > 0 ? ` from ${need.from.join(" or ")}` : "";
      const have = need.have > 0 ? `, and has ${need.have}` : "";
      return `${where} asks for ${people}${whose}${have}: propose the change, and have it reviewed.`;
    }
    case "comment":
      return `${where} asks for a comment: say why.`;
    case "freeze":
      return `${where} is frozen until ${need.until}: ${need.reason} Propose the change, and schedule it for later.`;
    default: {
      const never: never = need;
      return never;
    }
  }
}

/** Why a commit cannot go on: what its environments' policies ask for, one by one in `detail.needs`. */
export function heldBack(needs: readonly Need[]): ControlError {
  return new ControlError("POLICY", describeNeeds(needs), { needs });
}
