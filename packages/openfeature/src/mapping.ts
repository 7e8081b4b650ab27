import {
  type ErrorCode,
  type EvaluationContext as OpenFeatureContext,
  type JsonValue as OpenFeatureJson,
  ProviderFatalError,
  ProviderNotReadyError,
  type ResolutionDetails,
  type TrackingEventDetails,
} from "@openfeature/core";
import {
  type Client,
  type ClientOptions,
  createClient,
  type Evaluation,
  type EvaluationContext,
  type JsonValue,
  type Status,
  type Unit,
} from "@telltale/sdk";

/** What both providers share: one client, and what it says in OpenFeature's words. */

export interface ProviderOptions {
  /** How long `initialize` waits for a ruleset; 5 s unless given. One that comes later makes the provider ready. */
  readonly timeoutMs?: number;
}

/** The four events that a provider emits. */
export interface Telling {
  ready(): void;
  changed(flags: string[]): void;
  stale(message: string): void;
  error(message: string): void;
}

export const providerMetadata = { name: "telltale" } as const;

/** A client that exists, or one made from its options. */
export function clientOf(from: Client | ClientOptions): Client {
  return from && "for" in from ? from : createClient(from);
}

/**
 * Passes the client's events on until the answer is called: the provider is what the client is. To be called when the
 * provider was initialised, which OpenFeature takes for ready, or failed to be.
 * Errors while decisions go on with a good ruleset are not the provider's: it is ready, and stays so.
 */
export function forwardStatus(client: Client, tell: Telling): () => void {
  /** What OpenFeature takes the provider for. */
  let told: Status["state"] = client.status().version ? "ready" : "starting";
  const follow = (): void => {
    const { state, ageMs } = client.status();
    if (state === told) return;
    told = state;
    if (state === "ready") tell.ready();
    if (state === "stale") {
      const since = ageMs === undefined ? "yet" : `for ${Math.round(ageMs / 1_000)} s`;
      tell.stale(`the edge was not heard ${since}; decisions go on with the last ruleset`);
    }
  };
  const stops = [
    client.on("ready", follow),
    client.on("stale", follow),
    client.on("fresh", follow),
    client.on("change", ({ flags }) => {
      follow();
      tell.changed(flags);
    }),
    client.on("error", (error) => {
      if (client.status().version === 0) tell.error(error.message);
    }),
  ];
  // In the step after this one OpenFeature takes the provider for ready; it may be stale already.
  queueMicrotask(follow);
  return () => {
    for (const stop of stops) stop();
  };
}

/** @throws ProviderNotReadyError when no ruleset came in time; ProviderFatalError when the client is closed. */
export async function initialise(client: Client, { timeoutMs = 5_000 }: ProviderOptions): Promise<void> {
  const { ready } = await client.ready({ timeoutMs });
  if (ready) return;
  if (client.status().state === "closed") throw new ProviderFatalError("the Telltale client is closed: make a new one");
  throw new ProviderNotReadyError(`no ruleset came within ${timeoutMs} ms: check the client's key and url`);
}

/** OpenFeature's context as Telltale's: dates become RFC 3339 texts. */
export function contextOf(context: OpenFeatureContext | undefined): EvaluationContext {
  const own: EvaluationContext = {};
  for (const [name, value] of Object.entries(context ?? {})) {
    own[name] = value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value;
  }
  return own;
}

/** One evaluation in OpenFeature's words; with an error code, the value is the caller's default. */
export function resolve<T extends OpenFeatureJson>(unit: Unit, flag: string, fallback: T): ResolutionDetails<T> {
  // OpenFeature's JSON allows undefined inside objects, which is nothing to ask a type about.
  const evaluation = unit.evaluate(flag, fallback as JsonValue) as Evaluation;
  const { value, variant, reason, rule, version, error } = evaluation;
  return {
    value: value as T,
    reason,
    ...(variant !== undefined && { variant }),
    flagMetadata: { version, ...(rule !== undefined && { rule }) },
    ...(error && { errorCode: error.code as ErrorCode, errorMessage: error.message }),
  };
}

export function forwardTracking(unit: Unit, name: string, { value, ...properties }: TrackingEventDetails): void {
  const hasProperties = Object.keys(properties).length > 0;
  unit.track(name, {
    ...(value !== undefined && { value }),
    ...(hasProperties && { properties: properties as Record<string, JsonValue> }),
  });
}
