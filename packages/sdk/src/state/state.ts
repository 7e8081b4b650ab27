import { type Prepared, prepare, type Ruleset } from "@telltale/evaluator";
import type { Listeners, Source } from "../listeners.ts";
import { changedFlags } from "./changes.ts";

/** The last good ruleset, and where it came from. */
export interface State {
  /** Decides; undefined before the first. */
  ruleset: Prepared | undefined;
  /** The ruleset that the client was made with, if any: what a page was rendered with. */
  bootstrap: Prepared | undefined;
  /** The same as it came. */
  document: Ruleset | undefined;
  source: Source | undefined;
  /** The edge's tag of the ruleset in use. */
  etag(): string | undefined;
  /** Takes a document if it is good, and answers its version; else the last good one stays. */
  accept(document: unknown, source: Source): string | undefined;
}

/**
 * @param onAccept Called with each new ruleset, before anybody else hears of it.
 */
export function createState(emit: Listeners["emit"], onAccept: (document: Ruleset, source: Source) => void): State {
  /** The newest version that the edge itself brought: what is older comes from an edge that lags behind. */
  let newest = 0;
  const state: State = {
    ruleset: undefined,
    bootstrap: undefined,
    document: undefined,
    source: undefined,
    etag: () => state.ruleset && `"${state.ruleset.digest}-${state.ruleset.version}"`,
    accept(document, source) {
      const isFromEdge = source === "stream" || source === "poll";
      const result = prepare(document);
      const reason = result.ok
        ? isFromEdge && result.ruleset.version < newest && `${result.ruleset.version} is older than ${newest}`
        : `${result.reason} (is this SDK too old for it?)`;
      if (!result.ok || reason) {
        emit("error", new Error(`a ruleset was refused: ${reason}`));
        return undefined;
      }
      const before = state.document;
      const tag = state.etag();
      const { version } = result.ruleset;
      if (isFromEdge) newest = version;
      state.ruleset = result.ruleset;
      if (source === "bootstrap") state.bootstrap = result.ruleset;
      state.source = source;
      if (state.etag() !== tag) {
        state.document = document as Ruleset;
        onAccept(state.document, source);
        if (!before) emit("ready", { source, version });
        emit("change", { version, flags: changedFlags(before, state.document) });
      }
      return String(version);
    },
  };
  return state;
}
