/** The kinds of requests that come by the thousand. */
export type Crowded = "events" | "ruleset";

/** About how many rulesets the work on one batch of events is worth (bench/ingest, bench/streams). */
export const WORTH: Record<Crowded, number> = { events: 10, ruleset: 1 };
const HALF_LIFE_MS = 1_000;

/** How much of each kind was requested lately: a request counts half after a second. */
export class Crowd {
  private readonly asked: Record<Crowded, number> = { events: 0, ruleset: 0 };
  private readonly now: () => number;
  private at: number;

  constructor(now: () => number) {
    this.now = now;
    this.at = now();
  }

  add(kind: Crowded): void {
    const now = this.now();
    // A clock that jumps back forgets nothing.
    const factor = 0.5 ** (Math.max(0, now - this.at) / HALF_LIFE_MS);
    this.at = now;
    this.asked.events *= factor;
    this.asked.ruleset *= factor;
    this.asked[kind] += WORTH[kind];
  }

  /** Whether the process is busy with this kind rather than with the other. */
  isMostly(kind: Crowded): boolean {
    return this.asked[kind] >= this.asked[kind === "events" ? "ruleset" : "events"];
  }
}
