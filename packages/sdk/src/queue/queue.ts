import type { Resolution } from "@telltale/evaluator";
import { createEnding } from "../ending.ts";
import type { Delivery } from "../listeners.ts";
import type { ClientSettings } from "../options.ts";
import { backoffMs } from "../platform.ts";
import type { Ledger, NewEvent } from "./ledger.ts";
import { createSender } from "./send.ts";

export interface Queue {
  readonly delivery: Delivery;
  /** False when the event was dropped. */
  add(event: NewEvent): boolean;
  count(resolution: Resolution): void;
  /** Tries once to send all that waits now; what fails stays queued and is retried in the background. */
  flush(): Promise<void>;
  /** Sends what waits, for at most 5 s; what is left then is dropped and counted. */
  close(): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 5_000;

/** @param intervalMs How long events may wait. Asked each time: the ruleset may change it. */
export function createQueue(settings: ClientSettings, ledger: Ledger, intervalMs: () => number): Queue {
  const { platform, mode, batchSize } = settings;
  const { now, schedule, emit } = platform;
  /** Else only `flush` and `close` send, each in its caller's time. */
  const hasBackground = mode !== "requests";
  const { delivery, collect } = ledger;
  const ending = createEnding();
  const send = createSender(settings, ledger, ending);
  let disarm = () => {};
  let dueAt = Number.POSITIVE_INFINITY;
  let running: Promise<void> | undefined;
  let failures = 0;
  let closing: Promise<void> | undefined;
  let onPass: () => unknown = () => {};

  /** Makes sure that a pass begins within the delay. */
  const arm = (delayMs: number): void => {
    if (now() + delayMs >= dueAt || ending.isOver) return;
    disarm();
    dueAt = now() + delayMs;
    if (hasBackground) disarm = schedule(pass, delayMs);
  };
  /** Something waits. A pass that runs, or a retry that is due, will see to it. */
  const noted = (): void => {
    if (!running && !failures) arm(delivery.queued < batchSize ? intervalMs() : 0);
  };
  const pass = (): Promise<void> => {
    disarm();
    dueAt = Number.POSITIVE_INFINITY;
    const run = send().then((retryMs) => {
      running = undefined;
      if (retryMs !== undefined) arm(Math.max(retryMs, backoffMs(platform, failures++)));
      else {
        failures = 0;
        if (collect()) noted();
      }
      onPass();
    });
    // A promise of one request must not be waited for by another where each has its own connections.
    if (hasBackground) running = run;
    return run;
  };
  const flush = async (): Promise<void> => {
    while (running) await running;
    const isToWait = !hasBackground && failures && now() < dueAt;
    if (!ending.isOver && !isToWait) await pass();
  };
  return {
    delivery,
    flush,
    add(event) {
      const added = ledger.add(event);
      noted();
      return added;
    },
    count(resolution) {
      ledger.count(resolution);
      if (dueAt === Number.POSITIVE_INFINITY) noted();
    },
    close() {
      closing ??= new Promise<void>((resolve) => {
        const cancel = schedule(ending.end, CLOSE_TIMEOUT_MS);
        onPass = () => delivery.queued || ending.end();
        ending.onEnd(() => {
          cancel();
          disarm();
          ledger.end();
          emit("delivery", { ...delivery });
          resolve();
        });
        void flush();
      });
      return closing;
    },
  };
}
