import { type Prepared, prepare, type Ruleset } from "@telltale/evaluator";
import type { Listeners } from "../listeners.ts";
import { changedFlags } from "./changes.ts";

/** The last good ruleset. */
export interface State {
  readonly current: Prepared | undefined;
  /** Whether the current one came from the network, not from the bootstrap. */
  readonly streamed: boolean;
  /** Takes a document if the evaluator accepts it and it is new; tells the listeners either way. */
  accept(document: unknown, streamed: boolean): void;
  /** Resolves with the first usable ruleset, or when released. */
  readonly ready: Promise<void>;
  release(): void;
}

export function createState({ emit }: Listeners): State {
  let current: Prepared | undefined;
  let source: Ruleset | undefined;
  let streamed = false;
  let release = () => {};
  const ready = new Promise<void>((resolve) => {
    release = resolve;
  });
  return {
    get current() {
      return current;
    },
    get streamed() {
      return streamed;
    },
    ready,
    release: () => release(),
    accept(document, fromNetwork) {
      if (document === undefined) return;
      const result = prepare(document);
      if (!result.ok) {
        emit("error", new Error(`a ruleset was refused, the last good one stays: ${result.reason}`));
        return;
      }
      const { version, digest } = result.ruleset;
      streamed = fromNetwork;
      if (version === current?.version && digest === current.digest) return;
      const before = source;
      source = document as Ruleset;
      current = result.ruleset;
      release();
      emit("change", { version, flags: changedFlags(before, source) });
    },
  };
}
