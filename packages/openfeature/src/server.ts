import {
  type EvaluationContext,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  type ResolutionDetails,
  type TrackingEventDetails,
} from "@openfeature/server-sdk";
import type { Client, ClientOptions } from "@telltale/sdk";
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
 * Telltale for `@openfeature/server-sdk`: decides in memory, for the context of each call.
 * Closing the provider closes the client, which sends what waits.
 */
export class TelltaleServerProvider implements Provider {
  readonly runsOn = "server" as const;
  readonly metadata: typeof providerMetadata = providerMetadata;
  readonly events: OpenFeatureEventEmitter = new OpenFeatureEventEmitter();
  readonly #client: Client;
  readonly #options: ProviderOptions;
  #disconnect = () => {};

  /** @param client A client of `@telltale/sdk`, or the options to make one. */
  constructor(client: Client | ClientOptions, options: ProviderOptions = {}) {
    this.#client = clientOf(client);
    this.#options = options;
  }

  /** Resolves with the first ruleset. @throws ProviderNotReadyError when none came in time. */
  initialize(): Promise<void> {
    const { events } = this;
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

  async onClose(): Promise<void> {
    this.#disconnect();
    await this.#client.close();
  }

  resolveBooleanEvaluation(
    flag: string,
    fallback: boolean,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<boolean>> {
    return this.#resolve(flag, fallback, context);
  }

  resolveStringEvaluation(
    flag: string,
    fallback: string,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<string>> {
    return this.#resolve(flag, fallback, context);
  }

  resolveNumberEvaluation(
    flag: string,
    fallback: number,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<number>> {
    return this.#resolve(flag, fallback, context);
  }

  resolveObjectEvaluation<T extends JsonValue>(
    flag: string,
    fallback: T,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<T>> {
    return this.#resolve(flag, fallback, context);
  }

  async #resolve<T extends JsonValue>(
    flag: string,
    fallback: T,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<T>> {
    return resolve(this.#client.for(contextOf(context)), flag, fallback);
  }

  track(name: string, context: EvaluationContext, details: TrackingEventDetails): void {
    forwardTracking(this.#client.for(contextOf(context)), name, details);
  }
}
