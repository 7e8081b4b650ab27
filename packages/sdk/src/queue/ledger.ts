import type { Resolution, TelltaleEvent } from "@telltale/evaluator";
import type { Delivery } from "../listeners.ts";
import type { SendResult } from "../wire.ts";
import { uuid } from "./ids.ts";

export type NewEvent<E = TelltaleEvent> = E extends TelltaleEvent ? Omit<E, "id" | "time"> : never;

/** How many events one request may carry, and of how many bytes together. */
export interface Room {
  events: number;
  bytes: number;
}

/** The events that wait, and how many were acknowledged, refused or dropped. */
export interface Ledger {
  readonly delivery: Delivery;
  /** False when the event was dropped. While the queue is full, the oldest counts give way to other events. */
  add(event: NewEvent): boolean;
  /** Takes back an event that waited somewhere else, as it is. */
  restore(event: TelltaleEvent): void;
  /** Errors are not counted: so the names are those of rulesets, and not too many. */
  count(resolution: Resolution): void;
  /** Turns the counts into events and answers how many wait; while there is no room they go on counting. */
  collect(): number;
  /** The waiting events, oldest first. */
  waiting(): TelltaleEvent[];
  /** What was answered waits no longer; an event that two requests carried is counted with the first answer. */
  settle(batch: TelltaleEvent[], result: SendResult): void;
  /** No more events, and nothing waits any longer. */
  end(): void;
}

export function createLedger(maxQueue: number, now: () => number): Ledger {
  const pending = new Set<TelltaleEvent>();
  const delivery: Delivery = { queued: 0, acknowledged: 0, refused: 0, dropped: 0 };
  /** What was served since the last `collect`; the resolutions themselves count how often. */
  let served: Resolution[] = [];
  let room = maxQueue;
  const remove = (event: TelltaleEvent, fate: "acknowledged" | "refused" | "dropped"): void => {
    if (pending.delete(event)) delivery[fate]++;
    delivery.queued = pending.size;
  };
  const insert = (event: TelltaleEvent): boolean => {
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
    pending.add(event);
    delivery.queued = pending.size;
    return true;
  };
  const add = (event: NewEvent): boolean =>
    insert({ ...event, id: uuid(), time: new Date(now()).toISOString() } as TelltaleEvent);
  return {
    delivery,
    add,
    restore: insert,
    count(resolution) {
      if (!resolution.count++) served.push(resolution);
    },
    collect() {
      if (pending.size + served.length <= room) {
        for (const resolution of served) {
          const { flag, variant = "", rule = "", reason, version, count } = resolution;
          add({ type: "evaluations", flag, variant, rule, reason, version, count });
          resolution.count = 0;
        }
        served = [];
      }
      return pending.size;
    },
    waiting: () => [...pending],
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

/** The first of the events, as many as there is room for. */
export function fitting(events: readonly TelltaleEvent[], room: Room): TelltaleEvent[] {
  let { bytes } = room;
  return events.slice(0, room.events).filter((event) => {
    const size = countEventBytes(event);
    if (size > bytes) return false;
    bytes -= size;
    return true;
  });
}

/** Bytes of an event in a request. */
export function countEventBytes(event: TelltaleEvent): number {
  return new TextEncoder().encode(JSON.stringify(event)).length + 1;
}

const RANKS = { exposure: 0, track: 1, evaluations: 2, observations: 2 };

/** In the order in which they are missed: a result without its exposures is none. */
export function exposuresFirst(events: TelltaleEvent[]): TelltaleEvent[] {
  return events.sort((a, b) => RANKS[a.type] - RANKS[b.type]);
}
