import type { Evaluation, JsonValue } from "@telltale/evaluator";
import type { Client } from "./client.ts";
import { unitAround } from "./evaluate/unit.ts";
import { createListeners } from "./listeners.ts";

/** What `sessionStorage` has. */
interface PageStorage {
  getItem(name: string): string | null;
  setItem(name: string, text: string): void;
}

export interface OverridesOptions {
  /** Overrides to begin with. */
  readonly flags?: Readonly<Record<string, JsonValue>>;
  /** Keeps them from page to page, e.g. `() => sessionStorage`: where storage is denied, already naming it throws. */
  readonly storage?: PageStorage | (() => PageStorage | null | undefined);
  /** A page's address: `?telltale.new-checkout=true` overrides that flag. */
  readonly url?: string;
  /** `true` allows them in production too; otherwise the environment decides (`status().overrides`). */
  readonly always?: boolean;
}

/** A client some of whose flags are decided by hand. */
export interface OverriddenClient extends Client {
  readonly overrides: {
    /** Decides a flag by hand for everyone here; `undefined` gives it back. */
    set(flag: string, value: JsonValue | undefined): void;
    /** What is overridden, whether it takes effect or not. */
    all(): Readonly<Record<string, JsonValue>>;
    clear(): void;
  };
}

const NAME = "telltale:overrides";

/**
 * For trying things out in a browser: some flags answer what somebody chose, with the reason STATIC and the variant
 * "override". They are neither counted nor exposures, so no result is spoilt. An override of another type than the
 * default's is ignored.
 */
export function withOverrides(client: Client, options: OverridesOptions = {}): OverriddenClient {
  const { always = false } = options;
  const storage = openStorage(options.storage);
  const flags = new Map(Object.entries({ ...options.flags, ...stored(storage), ...fromUrl(options.url) }));
  const listeners = createListeners();
  const change = (changed: string[]): void => {
    try {
      storage?.setItem(NAME, JSON.stringify(Object.fromEntries(flags)));
    } catch {
      // A full or forbidden storage: they hold until the page is left.
    }
    listeners.emit("change", { version: client.status().version, flags: changed });
  };
  const overridden = (flag: string, fallback: JsonValue): Evaluation | undefined => {
    const value = flags.get(flag);
    if (value === undefined || typeof value !== typeof fallback) return undefined;
    const { version, overrides } = client.status();
    if (!always && !overrides) return undefined;
    return { value, variant: "override", reason: "STATIC", version };
  };
  return {
    ...client,
    on(event, listener) {
      const stops = [client.on(event, listener), listeners.on(event, listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
    for(context) {
      const unit = client.for(context);
      return unitAround(unit, {
        evaluate: (flag, fallback) => overridden(flag, fallback) ?? unit.evaluate(flag, fallback),
        peek: (flag, fallback, from) => overridden(flag, fallback) ?? unit.peek(flag, fallback, from),
      });
    },
    overrides: {
      all: () => Object.fromEntries(flags),
      set(flag, value) {
        if (value === undefined) flags.delete(flag);
        else flags.set(flag, value);
        change([flag]);
      },
      clear() {
        const changed = [...flags.keys()];
        flags.clear();
        change(changed);
      },
    },
  };
}

function openStorage(storage: OverridesOptions["storage"]): PageStorage | null | undefined {
  try {
    return typeof storage === "function" ? storage() : storage;
  } catch {
    // It is denied: they hold until the page is left.
    return undefined;
  }
}

function stored(storage: PageStorage | null | undefined): Record<string, JsonValue> {
  try {
    const values = JSON.parse(storage?.getItem(NAME) ?? "{}");
    return typeof values === "object" ? values : {};
  } catch {
    return {};
  }
}

function fromUrl(url = ""): Record<string, JsonValue> {
  const query = new URLSearchParams(/\?([^#]*)/.exec(url)?.[1]);
  const found: [string, JsonValue][] = [];
  for (const [name, text] of query) {
    if (!name.startsWith("telltale.")) continue;
    const flag = name.slice("telltale.".length);
    try {
      found.push([flag, JSON.parse(text)]);
    } catch {
      // No JSON: a text as it stands.
      found.push([flag, text]);
    }
  }
  return Object.fromEntries(found);
}
