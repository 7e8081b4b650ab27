"use client";

import type { Client, Evaluation, Fallback, FlagKey, Status, Unit, ValueOf } from "@telltale/sdk";
import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react";
import { useProvided } from "./provider.tsx";

/** The unit of the provider's context, for asking outside of rendering. */
export function useTelltale(): Unit {
  return useProvided().unit;
}

/** The provider's client, for what concerns no single unit: its events, `ready`, `flush`. */
export function useClient(): Client {
  return useProvided().client;
}

/** The unit's `track`, the same function as long as the context stays. */
export function useTrack(): Unit["track"] {
  const { unit } = useProvided();
  return useCallback((name, details) => unit.track(name, details), [unit]);
}

/**
 * The flag's evaluation for the provider's context; the default until a ruleset is there. Renders again when a change
 * touches this flag, and only then. While a page hydrates, it is decided by the client's bootstrap, as on the server.
 * It is counted, and an exposure, once it is on the page: what was rendered and thrown away is neither.
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
  const readVersion = () => client.status().version;
  const version = useSyncExternalStore(subscribe, readVersion, readVersion);
  const isHydrating = useSyncExternalStore(
    neverChanges,
    () => false,
    () => true,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version may answer otherwise
  const evaluation = useMemo(
    () => unit.peek(key, fallback, isHydrating ? "bootstrap" : "now"),
    [unit, key, fallback, version, isHydrating],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same answer is told once, however the default is written
  useEffect(() => {
    if (!isHydrating) unit.evaluate(key, fallback);
  }, [unit, key, evaluation, isHydrating]);
  return evaluation;
}

/** The flag's value for the provider's context; the default until a ruleset is there. */
export function useFlag<K extends FlagKey, T extends Fallback<K>>(key: K, fallback: T): ValueOf<K, T> {
  return useEvaluation(key, fallback).value;
}

/** How the client is; renders again when something happened to it. `ageMs` is that of the last event. */
export function useStatus(): Status {
  const { client, initial } = useProvided();
  const store = useMemo(() => createStatusStore(client), [client]);
  return useSyncExternalStore(store.subscribe, store.read, () => initial);
}

/** How long each client was waited for; a client is waited for once. */
const waits = new WeakMap<Client, { done: boolean; promise: Promise<void> }>();

/** Suspends until the first ruleset is there, for at most `timeoutMs` (1 s unless given). */
export function useReady({ timeoutMs = 1_000 }: { timeoutMs?: number } = {}): void {
  const { client } = useProvided();
  if (client.status().version > 0) return;
  const known = waits.get(client);
  if (known?.done) return;
  if (known) throw known.promise;
  const wait = { done: false, promise: Promise.resolve() };
  wait.promise = client.ready({ timeoutMs }).then(() => {
    wait.done = true;
  });
  waits.set(client, wait);
  throw wait.promise;
}

const neverChanges = () => () => {};

function createStatusStore(client: Client) {
  let status = client.status();
  return {
    read: () => status,
    subscribe(notify: () => void) {
      const update = () => {
        status = client.status();
        notify();
      };
      // What happened between rendering and now.
      const now = client.status();
      if (now.version !== status.version || now.state !== status.state) update();
      const stops = [
        client.on("ready", update),
        client.on("change", update),
        client.on("stale", update),
        client.on("fresh", update),
        client.on("error", update),
        client.on("delivery", update),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
