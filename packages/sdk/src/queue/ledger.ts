import type { EvaluationsEvent, Outcome, TelltaleEvent } from "@telltale/evaluator";
import type { Delivery } from "../listeners.ts";
import type { SendResult } from "../wire.ts";
import { uuid } from "./ids.ts";

export type NewEvent<E = TelltaleEvent> = E extends TelltaleEvent ? Omit<E, "id" | "time"> : never;

/** The events that wait, and how many met which fate. */
export interface Ledger {
  readonly delivery: Delivery;
  /** False when the event was dropped. While the queue is full, the oldest counts give way to other events. */
  add(event: NewEvent): boolean;
  /** Errors are not counted: so the names are those of rulesets, and not too many. */
  count(outcome: Outcome): void;
  /** Turns the counts into events and answers whether anything waits; while there is no room they go on counting. */
  collect(): boolean;
  /** The oldest of the waiting events, so many and so big together at most, but at least one. */
  first(eventsMax: number, bytesMax: number): TelltaleEvent[];
  /** An event that two requests carried is counted with the first answer. */
  settle(batch: TelltaleEvent[], result: SendResult): void;
  /** No more events, and nothing waits any longer. */
  end(): void;
}

export function createLedger(maxQueue: number, now: () => number): Ledger {
  const pending = new Set<TelltaleEvent>();
  /** What was served since the last `collect`; the outcomes themselves count how often. */
  let served: Outcome[] = [];
  const delivery: Delivery = { queued: 0, acknowledged: 0, refused: 0, dropped: 0 };
  let room = maxQueue;
  const add = (event: NewEvent): boolean => {
    if (pending.size >= room && event.type !== "evaluations") dropCounts();
    const fits = pending.size < room;
    if (fits) pending.add({ ...event, id: uuid(), time: new Date(now()).toISOString() } as TelltaleEvent);
    else delivery.dropped++;
    delivery.queued = pending.size;
    return fits;
  };
  const dropCounts = (): void => {
    for (const event of pending) {
      if (event.type !== "evaluations") continue;
      pending.delete(event);
      delivery.dropped++;
      return;
    }
  };
  return {
    delivery,
    add,
    count(outcome) {
      if (outcome.count++ === 0) served.push(outcome);
    },
    collect() {
      if (pending.size + served.length <= room) {
        for (const outcome of served) {
          add(countOf(outcome));
          outcome.count = 0;
        }
        served = [];
      }
      return pending.size > 0;
    },
    first(eventsMax, bytesMax) {
      let bytes = 0;
      return [...pending].slice(0, eventsMax).filter((event, i) => {
        bytes += new TextEncoder().encode(JSON.stringify(event)).length + 1;
        return bytes < bytesMax || i === 0;
      });
    },
    settle(batch, result) {
      if (!result.ok && result.retryable) return;
      batch.forEach((event, i) => {
        const accepted = result.ok && !result.receipt.refused.some(({ index }) => index === i);
        if (pending.delete(event)) delivery[accepted ? "acknowledged" : "refused"]++;
      });
      delivery.queued = pending.size;
    },
    end() {
      room = 0;
      delivery.dropped += pending.size;
      pending.clear();
      delivery.queued = 0;
    },
  };
}

function countOf({ flag, count, evaluation }: Outcome): Omit<EvaluationsEvent, "id" | "time"> {
  const { variant = "", rule = "", reason, version } = evaluation;
  return { type: "evaluations", flag, variant, rule, reason, version, count };
}
