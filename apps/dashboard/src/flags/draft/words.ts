import { describeWhenOn } from "@telltale/configuration";
import type { FlagConfiguration } from "../../query/outputs.ts";

/** The state as a sentence: "On in production: 2 rules, then on 10 %, off 90 %." */
export function stateSentence(config: FlagConfiguration, environment: string): string {
  if (!config.on) return `Off in ${environment}: everyone gets ${config.off}.`;
  return `On in ${environment}: ${config.rules.length === 0 ? "everyone gets " : ""}${describeWhenOn(config)}.`;
}
