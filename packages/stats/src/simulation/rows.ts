import { beliefs } from "./methods/beliefs.ts";
import { estimators } from "./methods/estimators.ts";
import { growing } from "./methods/growing.ts";
import { growingGroup } from "./methods/growing-group.ts";
import { peeking } from "./methods/peeking.ts";
import { quantiles } from "./methods/quantiles.ts";
import { splits } from "./methods/splits.ts";
import { failureGuards } from "./release/failures.ts";
import { releaseGuards } from "./release/guards.ts";
import type { Grid, Scenario } from "./scenario.ts";
import { groupMoney } from "./skewed/group.ts";
import { history } from "./skewed/history.ts";
import { money } from "./skewed/money.ts";
import { shares } from "./skewed/shares.ts";
import { guardrailErrors } from "./verdict/guardrails.ts";
import { verdictErrors } from "./verdict/verdicts.ts";
import { winners } from "./verdict/winners.ts";

/** Every method in worlds with a known truth. */
export const methodRows: readonly (Scenario | Grid)[] = [
  ...peeking,
  ...estimators,
  ...quantiles,
  ...money,
  ...groupMoney,
  ...history,
  ...shares,
  ...growing,
  ...growingGroup,
  ...beliefs,
  ...splits,
  ...verdictErrors,
  ...guardrailErrors,
  ...winners,
  ...failureGuards,
  ...releaseGuards,
];
