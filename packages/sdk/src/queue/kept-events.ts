import type { TelltaleEvent } from "@telltale/evaluator";
import type { StoredTexts } from "../state/storage.ts";
import { exposuresFirst, fitting, type Ledger } from "./ledger.ts";

/** Events that wait in the storage for the next visit. */
export interface KeptEvents {
  /** Keeps all that waits now; what other pages keep stays. */
  save(): void;
  /** Forgets what was answered since. */
  update(): void;
  /** Queues what an earlier visit, or another page, could not send, if any: two that send the same are counted once. */
  restore(onRestored: () => unknown): void;
}

/** A browser's storage holds about 5 MB of everything; what does not fit here is the least missed. */
const KEPT = { events: 10_000, bytes: 1_000_000 };
const NAME = ":events";

export function createKept({ read, write }: StoredTexts, ledger: Ledger): KeptEvents {
  /** Ids of the events in the storage that are this page's to forget. */
  let ours = new Set<string>();
  /** One after the other, as each goes on from what the storage holds. */
  let last: Promise<unknown> = Promise.resolve();
  const stored = async (): Promise<TelltaleEvent[]> => {
    try {
      const events = JSON.parse((await read(NAME)) ?? "");
      return events.filter((event: Partial<TelltaleEvent> | null) => typeof event?.id === "string");
    } catch {
      // Nothing, or not ours.
      return [];
    }
  };
  const save = (): void => {
    last = last.then(async () => {
      const before = ours;
      const waiting = ledger.waiting();
      ours = new Set(waiting.map(({ id }) => id));
      const others = (await stored()).filter(({ id }) => !before.has(id) && !ours.has(id));
      if (before.size || waiting[0]) {
        await write(JSON.stringify(fitting(exposuresFirst(waiting.concat(others)), KEPT)), NAME);
      }
    });
  };
  return {
    save,
    update() {
      if (ours.size) save();
    },
    restore(onRestored) {
      last = last.then(async () => {
        for (const event of await stored()) {
          ours.add(event.id);
          ledger.restore(event);
        }
        if (ours.size) onRestored();
      });
    },
  };
}
