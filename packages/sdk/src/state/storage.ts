import { hashId } from "@telltale/evaluator";
import type { Platform } from "../platform.ts";

/** What `localStorage` has, or the same with promises. */
export interface Storage {
  getItem(name: string): string | null | Promise<string | null>;
  setItem(name: string, text: string): unknown;
}

/** Reads and writes the last good ruleset; what fails is told and changes nothing. The key itself is not stored. */
export function keepIn(storage: Storage | undefined, { key, emit }: Platform) {
  const name = `telltale:${hashId(key)}`;
  const attempt = async <T>(what: string, work: (storage: Storage) => T): Promise<Awaited<T> | undefined> => {
    try {
      // Later, when somebody may listen to what goes wrong.
      const one = await storage;
      return one && (await work(one));
    } catch (cause) {
      emit("error", new Error(`the storage could not be ${what}: ${cause}`, { cause }));
      return undefined;
    }
  };
  return {
    read: () => attempt("read", (one) => one.getItem(name)),
    write: (text: string): unknown => attempt("written", (one) => one.setItem(name, text)),
  };
}
