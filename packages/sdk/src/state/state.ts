import { isIntact, type Prepared, prepare, type Ruleset } from "@telltale/evaluator";
import type { Source } from "../listeners.ts";
import type { Platform } from "../platform.ts";
import { changedFlags } from "./changes.ts";

/** The last good ruleset, where it came from, and when the edge was heard. */
export interface State {
  /** Decides; undefined before the first. */
  ruleset: Prepared | undefined;
  /** The ruleset that the client was made with, if any: what a page was rendered with. */
  bootstrap: Prepared | undefined;
  source: Source | undefined;
  /** When the edge last said that this is the newest; undefined when it never did. */
  heardAt: number | undefined;
  isStale: boolean;
  /** The edge's tag of the ruleset in use. */
  etag(): string | undefined;
  /** Takes a document if it is good, and answers its version; else the last good one stays. */
  accept(text: string, source: Source): string | undefined;
  /** The edge was heard: what is in use is the newest. */
  onHeard(): void;
  /** An attempt to reach the edge failed. */
  onFailed(): void;
}

/** @param onAccept Called with each new ruleset, before anybody else hears of it. */
export function createState(
  { now, emit }: Platform,
  staleMs: number,
  onAccept: (text: string, source: Source) => void,
): State {
  /** The newest version that the edge itself brought: what is older comes from an edge that lags behind. */
  let newest = 0;
  let silentSince = now();
  const state: State = {
    ruleset: undefined,
    bootstrap: undefined,
    source: undefined,
    heardAt: undefined,
    isStale: false,
    etag: () => state.ruleset && etagOf(state.ruleset.document),
    accept(text, source) {
      const isFromEdge = source === "stream" || source === "poll";
      try {
        // A bootstrap comes with the program, and is checked by being read.
        if (source !== "bootstrap" && !isIntact(text)) throw "it is damaged";
        const result = prepare(JSON.parse(text));
        if (!result.ok) throw `${result.reason} (is this SDK too old for it?)`;
        const { ruleset } = result;
        const { document } = ruleset;
        const { version } = document;
        if (isFromEdge && version < newest) throw `${version} is older than ${newest}`;
        const before = state.ruleset?.document;
        if (isFromEdge) newest = version;
        state.source = source;
        if (!before || etagOf(before) !== etagOf(document)) {
          state.ruleset = ruleset;
          if (source === "bootstrap") state.bootstrap = ruleset;
          onAccept(text, source);
          if (!before) emit("ready", { source, version });
          emit("change", { version, flags: changedFlags(before, document) });
        }
        return String(version);
      } catch (cause) {
        emit("error", new Error(`a ruleset was refused: ${cause}`));
        return undefined;
      }
    },
    onHeard() {
      state.heardAt = silentSince = now();
      state.isStale = false;
    },
    onFailed() {
      const ageMs = now() - silentSince;
      if (state.isStale || ageMs < staleMs) return;
      state.isStale = true;
      emit("stale", { ageMs });
    },
  };
  return state;
}

const etagOf = ({ version, digest }: Ruleset) => `"${digest}-${version}"`;
