import type { Outcome, TelltaleEvent } from "@telltale/evaluator";
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
  /** Turns the counts into events and answers how many wait; while there is no room they go on counting. */
  collect(): number;
  /** The oldest of the waiting events, so many and so big together at most, but at least one. */
  first(eventsMax: number, bytesMax: number): TelltaleEvent[];
  /** What was answered waits no longer; an event that two requests carried is counted with the first answer. */
  settle(batch: TelltaleEvent[], result: SendResult): void;
  /** No more events, and nothing waits any longer. */
  end(): void;
}

export function createLedger(maxQueue: number, now: () => number): Ledger {
  const pending = new Set<TelltaleEvent>();
  const delivery: Delivery = { queued: 0, acknowledged: 0, refused: 0, dropped: 0 };
  /** What was served since the last `collect`; the outcomes themselves count how often. */
  let served: Outcome[] = [];
  let room = maxQueue;
  const remove = (event: TelltaleEvent, fate: "acknowledged" | "refused" | "dropped"): void => {
    if (pending.delete(event)) delivery[fate]++;
    delivery.queued = pending.size;
  };
  const add = (event: NewEvent): boolean => {
    if (pending.size >= room && event.type !== "evaluations") {
      for (const one of pending) {
        if (one.type !== "evaluations") continue;
        remove(one, "dropped");
        break;
      }
    }
    if (pending.size >= room) {
      delivery.dropped++;
      return false;
    }
    pending.add({ ...event, id: uuid(), time: new Date(now()).toISOString() } as TelltaleEvent);
    delivery.queued = pending.size;
    return true;
  };
  return {
    delivery,
    add,
    count(outcome) {
      if (!outcome.count++) served.push(outcome);
    },
    collect() {
      if (pending.size + served.length <= room) {
        for (const outcome of served) {
          const { flag, variant = "", rule = "", reason, version, count } = outcome;
          add({ type: "evaluations", flag, variant, rule, reason, version, count });
          outcome.count = 0;
        }
        served = [];
      }
      return pending.size;
    },
    first(eventsMax, bytesMax) {
      let bytes = 0;
      return [...pending].slice(0, eventsMax).filter((event, i) => {
        bytes += new TextEncoder().encode(JSON.stringify(event)).length + 1;
        return bytes < bytesMax || !i;
      });
    },
    settle(batch, result) {
      if (!result.ok && result.retryable) return;
      const refused = result.ok && new Set(result.receipt.refused.map(({ index }) => index));
      batch.forEach((event, i) => void remove(event, refused && !refused.has(i) ? "acknowledged" : "refused"));
    },
    end() {
      room = 0;
      for (const event of pending) remove(event, "dropped");
    },
  };
}
