import {
  type EvaluationContext,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  type ResolutionDetails,
  type TrackingEventDetails,
} from "@openfeature/web-sdk";
import type { Client, ClientOptions, Unit } from "@telltale/sdk";
import {
  clientOf,
  contextOf,
  forwardStatus,
  forwardTracking,
  initialise,
  type ProviderOptions,
  providerMetadata,
  resolve,
} from "./mapping.ts";

/**
 * Telltale for `@openfeature/web-sdk`: one context at a time, decided in the browser. A change of context is decided
 * at once, without a request.
 */
export class TelltaleWebProvider implements Provider {
  readonly runsOn = "client" as const;
  readonly metadata: typeof providerMetadata = providerMetadata;
  readonly events: OpenFeatureEventEmitter = new OpenFeatureEventEmitter();
  readonly #client: Client;
  readonly #options: ProviderOptions;
  #unit: Unit;
  #disconnect = () => {};

  /** @param client A client of `@telltale/sdk`, or the options to make one. */
  constructor(client: Client | ClientOptions, options: ProviderOptions = {}) {
    this.#client = clientOf(client);
    this.#options = options;
    this.#unit = this.#client.for({});
  }

  /** Resolves with the first ruleset. @throws ProviderNotReadyError when none came in time. */
  initialize(context?: EvaluationContext): Promise<void> {
    const { events } = this;
    this.#unit = this.#client.for(contextOf(context));
    const started = initialise(this.#client, this.#options);
    const join = () => {
      this.#disconnect = forwardStatus(this.#client, {
        ready: () => events.emit(ProviderEvents.Ready),
        changed: (flagsChanged) => events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged }),
        stale: (message) => events.emit(ProviderEvents.Stale, { message }),
        error: (message) => events.emit(ProviderEvents.Error, { message }),
      });
    };
    void started.then(join, join);
    return started;
  }

  onContextChange(_old: EvaluationContext, next: EvaluationContext): void {
    this.#unit = this.#client.for(contextOf(next));
  }

  async onClose(): Promise<void> {
    this.#disconnect();
    await this.#client.close();
  }

  resolveBooleanEvaluation(flag: string, fallback: boolean): ResolutionDetails<boolean> {
    return resolve(this.#unit, flag, fallback);
  }

  resolveStringEvaluation(flag: string, fallback: string): ResolutionDetails<string> {
    return resolve(this.#unit, flag, fallback);
  }

  resolveNumberEvaluation(flag: string, fallback: number): ResolutionDetails<number> {
    return resolve(this.#unit, flag, fallback);
  }

  resolveObjectEvaluation<T extends JsonValue>(flag: string, fallback: T): ResolutionDetails<T> {
    return resolve(this.#unit, flag, fallback);
  }

  track(name: string, context: EvaluationContext, details: TrackingEventDetails): void {
    forwardTracking(this.#client.for(contextOf(context)), name, details);
  }
}
