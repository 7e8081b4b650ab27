import { hashId, type Ruleset } from "@telltale/evaluator";
import type { Platform } from "../platform.ts";

/** What `localStorage` has, or the same with promises. */
export interface Storage {
  getItem(name: string): string | null | Promise<string | null>;
  setItem(name: string, text: string): unknown;
}

/** Reads and writes the last good ruleset; what fails is told and changes nothing. The key itself is not stored. */
export function keepIn(storage: Storage | undefined, { key, emit }: Platform) {
  const name = `telltale:${hashId(key)}`;
  const attempt = async <T>(what: string, work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return storage && (await work());
    } catch (cause) {
      emit("error", new Error(`the storage could not be ${what}: ${cause}`, { cause }));
      return undefined;
    }
  };
  return {
    read: (): Promise<unknown> =>
      attempt("read", async () => {
        const text = await storage?.getItem(name);
        return text ? JSON.parse(text) : undefined;
      }),
    write: (document: Ruleset): unknown => attempt("written", () => storage?.setItem(name, JSON.stringify(document))),
  };
}
