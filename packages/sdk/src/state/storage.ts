import { hashId } from "@telltale/evaluator";
import { describeError, type Platform } from "../platform.ts";

/** What `localStorage` has, or the same with promises. */
export interface Storage {
  getItem(name: string): string | null | Promise<string | null>;
  setItem(name: string, text: string): unknown;
}

/** A storage, or a function that looks for one: where storage is denied, already naming `localStorage` throws. */
export type StorageOption = Storage | (() => Storage | null | undefined) | null | undefined;

/** Texts in the storage, each under a name that belongs to the SDK key. */
export interface StoredTexts {
  /** The text that was written last. */
  read(what?: string): Promise<string | null | undefined>;
  write(text: string, what?: string): Promise<unknown>;
}

/** Reads and writes what outlives this run; what fails is told and changes nothing. The key itself is not stored. */
export function keepIn(storage: StorageOption, { key, emit }: Platform): StoredTexts {
  const name = `telltale:${hashId(key)}`;
  const attempt = async <T>(what: string, work: (storage: Storage) => T): Promise<Awaited<T> | undefined> => {
    try {
      // Later, when somebody may listen to what goes wrong.
      await undefined;
      const one = typeof storage === "function" ? storage() : storage;
      return one ? await work(one) : undefined;
    } catch (cause) {
      emit("error", new Error(`the storage could not be ${what}: ${describeError(cause)}`, { cause }));
      return undefined;
    }
  };
  return {
    read: (what = "") => attempt("read", (one) => one.getItem(name + what)),
    write: (text, what = "") => attempt("written", (one) => one.setItem(name + what, text)),
  };
}
