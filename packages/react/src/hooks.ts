import type { Evaluation, Fallback, FlagKey, Unit, ValueOf } from "@telltale/sdk";
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
export function useEvaluation<K extends FlagKey, T extends Fallback<K>>(
  key: K,
  fallback: T,
): Evaluation<ValueOf<K, T>> {
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
export function useFlag<K extends FlagKey, T extends Fallback<K>>(key: K, fallback: T): ValueOf<K, T> {
  return useEvaluation(key, fallback).value;
}
