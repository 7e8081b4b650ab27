import { type Prepared, prepare, type Ruleset } from "@telltale/evaluator";
import type { Listeners } from "../listeners.ts";
import { changedFlags } from "./changes.ts";

/** The last good ruleset. */
export interface State {
  current(): Prepared | undefined;
  /** The edge's tag of the current ruleset. */
  etag(): string | undefined;
  /** Takes a document if the evaluator accepts it, and answers its version; else the last good one stays. */
  accept(document: unknown): string | undefined;
}

/** @param onFirst Called when there is a usable ruleset for the first time. */
export function createState(emit: Listeners["emit"], onFirst: () => void): State {
  let current: Prepared | undefined;
  let source: Ruleset | undefined;
  const etag = () => current && `"${current.digest}-${current.version}"`;
  return {
    current: () => current,
    etag,
    accept(document) {
      const result = prepare(document);
      if (!result.ok) {
        emit("error", new Error(`a ruleset was refused (is this SDK too old for it?): ${result.reason}`));
        return undefined;
      }
      const [before, tag] = [source, etag()];
      current = result.ruleset;
      const { version } = current;
      if (etag() !== tag) {
        source = document as Ruleset;
        onFirst();
        emit("change", { version, flags: changedFlags(before, source) });
      }
      return String(version);
    },
  };
}
