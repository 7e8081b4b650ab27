import type { Client, Delivery } from "@telltale/sdk";
import { countPerson, emptyCounts, type VisitCounts } from "./counts.ts";
import type { VisitorOptions } from "./options.ts";
import { drawPerson, seeded } from "./people.ts";
import { visit } from "./visit.ts";

/** How long one turn of the loop waits, milliseconds. */
const TURN_MS = 50;

export interface RunWorld {
  client: Pick<Client, "for" | "flush" | "status">;
  /** Events the client's queue holds at most. */
  maxQueue: number;
  /** Milliseconds that only grow. */
  now: () => number;
  pause: (ms: number) => Promise<void>;
  /** Asked every turn; true ends the run early. */
  interrupted: () => boolean;
  /** Told after every turn. */
  onTurn: (counts: VisitCounts, waiting: boolean) => void;
}

/** What became of the client's events so far. */
export function deliveryOf(client: Pick<Client, "status">): Delivery {
  const { queued, acknowledged, refused, dropped } = client.status();
  return { queued, acknowledged, refused, dropped };
}

/**
 * Lets everybody visit at the given rate, then waits until every event is acknowledged. While the edge is away the
 * queue fills; over half full nobody new comes, so nothing is ever dropped.
 */
export async function runVisitors(options: VisitorOptions, world: RunWorld): Promise<VisitCounts> {
  const { client, now, pause } = world;
  const random = seeded(options.seed);
  const counts = emptyCounts(options.run);
  const crowded = () => client.status().queued > world.maxQueue / 2;
  const turn = async (waiting: boolean) => {
    counts.events = deliveryOf(client);
    world.onTurn(counts, waiting);
    await pause(TURN_MS);
  };

  let due = 0;
  let last = now();
  while (counts.people < options.people && !world.interrupted()) {
    const at = now();
    due = Math.min(due + ((at - last) * options.rate) / 1_000, options.rate);
    last = at;
    const held = client.status().version === 0 || crowded();
    if (held) due = 0;
    for (; due >= 1 && counts.people < options.people && !crowded(); due--) {
      const { variant, bought } = visit(client, drawPerson(options.run, counts.people + 1, random), options);
      countPerson(counts, variant, bought);
    }
    await turn(held);
  }
  // One push for the last events; while the edge is away the client goes on trying by itself.
  let pushed = false;
  void client.flush().then(() => {
    pushed = true;
  });
  while (!(pushed && client.status().queued === 0) && !world.interrupted()) await turn(pushed);
  counts.events = deliveryOf(client);
  counts.done = counts.people === options.people && counts.events.queued === 0;
  return counts;
}
