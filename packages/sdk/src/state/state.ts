import { applyPatch, isIntact, type Prepared, prepare, type Ruleset, type RulesetPatch } from "@telltale/evaluator";
import type { Source } from "../listeners.ts";
import { describeError, type Platform } from "../platform.ts";
import { changedFlags } from "./changes.ts";

/** The last good ruleset, and where it came from. */
export interface RulesetState {
  /** Decides; undefined before the first. */
  ruleset: Prepared | undefined;
  /** The ruleset that the client was made with, if any: what a page was rendered with. */
  bootstrap: Prepared | undefined;
  source: Source | undefined;
  /** Version that the edge brought and a patch may go on from; a bootstrap's may be of another environment. */
  received: string | undefined;
  /** The edge's tag of the ruleset in use. */
  etag(): string | undefined;
  /** Takes a document, or its JSON, if it is good; else the last good one stays. */
  accept(given: string | Ruleset, source: Source): void;
  /** Makes the next version of what is in use. @throws Error when the patch is for another version. */
  patch(text: string): void;
}

/** @param onAccept Called with each new ruleset, before anybody else hears of it. */
export function createState({ emit }: Platform, onAccept: (text: string, source: Source) => void): RulesetState {
  /** The newest version that the edge itself brought: what is older comes from an edge that lags behind. */
  let newest = 0;
  const take = (given: string | Ruleset, source: Source): void => {
    const text = typeof given === "string" ? given : JSON.stringify(given);
    // A bootstrap comes with the program, and is checked by being read.
    if (source !== "bootstrap" && !isIntact(text)) throw new Error("it is damaged");
    const result = prepare(JSON.parse(text));
    if (!result.ok) throw new Error(`${result.reason} (is this SDK too old for it?)`);
    const { ruleset } = result;
    const { document } = ruleset;
    const { version } = document;
    if (source === "stream" || source === "poll") {
      if (version < newest) throw new Error(`${version} is older than ${newest}`);
      newest = version;
      state.received = String(version);
    }
    const before = state.ruleset?.document;
    state.source = source;
    if (before && etagOf(before) === etagOf(document)) return;
    state.ruleset = ruleset;
    if (source === "bootstrap") state.bootstrap = ruleset;
    onAccept(text, source);
    if (!before) emit("ready", { source, version });
    emit("change", { version, flags: changedFlags(before, document) });
  };
  const state: RulesetState = {
    ruleset: undefined,
    bootstrap: undefined,
    source: undefined,
    received: undefined,
    etag: () => state.ruleset && etagOf(state.ruleset.document),
    accept(given, source) {
      try {
        take(given, source);
      } catch (cause) {
        emit("error", new Error(`a ruleset was refused: ${describeError(cause)}`, { cause }));
      }
    },
    patch(text) {
      const patch: RulesetPatch = JSON.parse(text);
      const { document } = state.ruleset ?? {};
      const { version = 0 } = patch.set;
      // A poll was faster than the stream.
      if (document && state.received && version <= document.version) return;
      // Without a version to go on from, the next stream begins with the whole document.
      state.received = undefined;
      if (document?.version === patch.from) state.accept(applyPatch(document, patch), "stream");
      if (!state.received) throw new Error("a patch does not fit");
    },
  };
  return state;
}

const etagOf = ({ version, digest }: Ruleset) => `"${digest}-${version}"`;
