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
import type { Baseline, ReleaseEvidence } from "@telltale/release";
import { compileFlagWith, readRuleset } from "@telltale/ruleset";
import { contextsFor } from "./contexts.ts";
import { composeConfiguration, readServed } from "./serve.ts";
import type { StoredRelease } from "./store.ts";

/** How many contexts are evaluated. */
const CONTEXTS = 10_000;

/**
 * Reads back what is served after a rollback: the newest ruleset as edges and SDKs get it, against the one that the
 * baseline makes. For each audience the flag's compiled entry must be the same; and it is evaluated in both with 10,000
 * contexts made of its own conditions, which must get the same answers.
 * @returns null where there is nothing to read
 */
export async function readBack(
  tx: Transaction,
  release: StoredRelease & { baseline: Baseline },
): Promise<ReleaseEvidence["readBack"]> {
  const { flag, environmentId } = release;
  const config = composeConfiguration(await readServed(tx, release), release);
  const wanted = await compileFlagWith(tx, environmentId, flag.key, config);
  for (const audience of ["server", "client"] as const) {
    const served = await readRuleset(tx, environmentId, audience);
    if (!served) return null;
    const [is, was] = [served.flags[flag.key] ?? null, wanted[audience].flags[flag.key] ?? null];
    if (isSame(is, was)) continue;
    return {
      isBaseline: false,
      detail: `Version ${served.version} for ${audience} keys has another entry of the flag.`,
    };
  }
  const served = await readRuleset(tx, environmentId, "server");
  return served ? compareAnswers(served, wanted.server, flag.key) : null;
}

function compareAnswers(served: Ruleset, wanted: Ruleset, flag: string): ReleaseEvidence["readBack"] {
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
    const detail = `Version ${served.version} gives "${is.variant}" where "${was.variant}" was given before.`;
    return { isBaseline: false, detail };
  }
  const rules = served.flags[flag]?.rules?.length ?? 0;
  const detail = `${CONTEXTS.toLocaleString("en")} contexts, which reach ${reached.size} of ${rules} rules, get what they got before.`;
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
