import type { Evaluation, JsonValue, Unit, Widen } from "@telltale/sdk";
import { useCallback, useMemo, useSyncExternalStore } from "react";
import { useProvided } from "./provider.tsx";

/** The unit of the provider's context, for `track` and for asking outside of rendering. */
export function useTelltale(): Unit {
  return useProvided().unit;
}

/**
 * The flag's evaluation for the provider's context; the default until a ruleset is there. Renders again when a change
 * touches this flag, and only then. Being rendered with an experiment's variant is its exposure, sent once.
 */
export function useEvaluation<T extends JsonValue>(key: string, fallback: T): Evaluation<Widen<T>> {
  const { client, unit } = useProvided();
  const subscribe = useCallback(
    (notify: () => void) =>
      client.on("change", ({ flags }) => {
        if (flags.includes(key)) notify();
      }),
    [client, key],
  );
  const version = useSyncExternalStore(
    subscribe,
    () => client.status().version,
    () => client.status().version,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version may answer otherwise
  return useMemo(() => unit.evaluate(key, fallback), [unit, key, fallback, version]);
}

/** The flag's value for the provider's context; the default until a ruleset is there. */
export function useFlag<T extends JsonValue>(key: string, fallback: T): Widen<T> {
  return useEvaluation(key, fallback).value;
}
