/** How much a tenant has requested, and when that was true. */
interface Asked {
  work: number;
  atMs: number;
}

const HALF_LIFE_MS = 1_000;
/** So many times what each would have if all had the same: a tenant may be busier than others. */
const GENEROSITY = 1.5;
/** Less than this counts as nothing. */
const NEGLIGIBLE = 0.5;
/** The shares are computed again after this time, not for every request of a flood. */
const JUDGED_FOR_MS = 100;
/** More tenants than are busy at once; beyond them those that ask for nothing any more are forgotten. */
const REMEMBERED_MAX = 1_000;

/** What each tenant has requested lately: a request counts half after a second. */
export class Shares {
  private readonly asked = new Map<string, Asked>();
  private readonly now: () => number;
  private fairShare = Number.POSITIVE_INFINITY;
  private judgedAtMs = Number.NEGATIVE_INFINITY;

  constructor(now: () => number) {
    this.now = now;
  }

  /** Tenants that are remembered. */
  get size(): number {
    return this.asked.size;
  }

  add(tenant: string, work: number): void {
    const atMs = this.now();
    const known = this.asked.get(tenant);
    if (!known && this.asked.size >= REMEMBERED_MAX) this.forgetNegligible(atMs);
    this.asked.set(tenant, { work: work + (known ? decayed(known, atMs) : 0), atMs });
  }

  /** Whether it requests more than its share while others send requests too. One alone may use everything. */
  isGreedy(tenant: string): boolean {
    const atMs = this.now();
    if (Math.abs(atMs - this.judgedAtMs) >= JUDGED_FOR_MS) this.judge(atMs);
    const own = this.asked.get(tenant);
    return own !== undefined && decayed(own, atMs) > this.fairShare;
  }

  private judge(atMs: number): void {
    this.forgetNegligible(atMs);
    let all = 0;
    for (const asked of this.asked.values()) all += decayed(asked, atMs);
    this.judgedAtMs = atMs;
    this.fairShare = this.asked.size < 2 ? Number.POSITIVE_INFINITY : (GENEROSITY * all) / this.asked.size;
  }

  private forgetNegligible(atMs: number): void {
    for (const [tenant, asked] of this.asked) if (decayed(asked, atMs) < NEGLIGIBLE) this.asked.delete(tenant);
  }
}

/** A clock that jumps back forgets nothing. */
function decayed({ work, atMs }: Asked, now: number): number {
  return work * 0.5 ** (Math.max(0, now - atMs) / HALF_LIFE_MS);
}
