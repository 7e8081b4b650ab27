import { isSame } from "@telltale/configuration";
import type { Transaction } from "@telltale/db";
import {
  type EvaluationContext,
  evaluate,
  type JsonValue,
  type Prepared,
  prepare,
  type Ruleset,
} from "@telltale/evaluator";
import type { ReleaseEvidence, RuleBaseline } from "@telltale/release";
import { compileFlagWith, readRuleset } from "@telltale/ruleset";
import { contextsFor } from "./contexts.ts";
import { composeConfiguration, readServed, serveIn } from "./serve.ts";
import type { StoredRelease } from "./store.ts";

/** How many contexts are evaluated. */
const CONTEXTS = 10_000;

/**
 * Reads back what is served after a rollback: the newest ruleset as edges and SDKs get it, against the one that the
 * baseline makes, on top of whatever else was edited since. The flag is evaluated in both with 10,000 contexts made of its
 * own conditions, which must get the same answers; and for each audience its compiled entry must be the same.
 * @returns null where there is nothing to read
 */
export async function readBack(
  tx: Transaction,
  release: StoredRelease & { baseline: RuleBaseline },
): Promise<ReleaseEvidence["readBack"]> {
  const { flag, environmentId } = release;
  const served = await readRuleset(tx, environmentId, "server");
  if (!served) return null;
  const config = await readServed(tx, release);
  const wanted = await compileFlagWith(tx, environmentId, flag.key, composeConfiguration(config, release));
  const compared = compareAnswers(served, wanted.server, flag.key);
  if (!compared.isBaseline) return compared;
  for (const audience of ["server", "client"] as const) {
    const document = audience === "server" ? served : await readRuleset(tx, environmentId, audience);
    if (!document) return null;
    const [is, was] = [document.flags[flag.key] ?? null, wanted[audience].flags[flag.key] ?? null];
    if (isSame(is, was)) continue;
    const detail = `Version ${document.version} for ${audience} keys has another entry of the flag.`;
    return { isBaseline: false, detail };
  }
  if (serveIn(config, release.plan.rule)) return compared;
  return { isBaseline: true, detail: "Its rule is no longer there, so that nothing of it is served by it." };
}

function compareAnswers(served: Ruleset, wanted: Ruleset, flag: string): NonNullable<ReleaseEvidence["readBack"]> {
  const before: Ruleset = {
    ...served,
    conditions: { ...served.conditions, ...wanted.conditions },
    flags: { ...served.flags, ...wanted.flags },
  };
  const [now, then] = [prepared(served), prepared(before)];
  const reached = new Set<string>();
  for (const context of contextsFor(served, flag, CONTEXTS)) {
    const [is, was] = [answerOf(now, flag, context), answerOf(then, flag, context)];
    if (is.rule !== undefined) reached.add(is.rule);
    if (is.variant === was.variant && is.rule === was.rule && isSame(is.value, was.value)) continue;
    const detail = `Version ${served.version} gives "${is.variant}" where the rule gave "${was.variant}" before.`;
    return { isBaseline: false, detail };
  }
  const rules = served.flags[flag]?.rules?.length ?? 0;
  const detail = `${CONTEXTS.toLocaleString("en")} contexts, which reach ${reached.size} of ${rules} rules, get what the rule gave before.`;
  return { isBaseline: true, detail };
}

function prepared(ruleset: Ruleset): Prepared {
  const result = prepare(ruleset);
  if (result.ok) return result.ruleset;
  throw new Error(`The ruleset that is served cannot be read: ${result.reason}`);
}

/** With a default of the flag's own type, so that it is never the default's type that is answered. */
function answerOf(ruleset: Prepared, flag: string, context: EvaluationContext) {
  const [first = null] = Object.values(ruleset.document.flags[flag]?.variants ?? {}) as JsonValue[];
  return evaluate(ruleset, flag, context, first);
}
