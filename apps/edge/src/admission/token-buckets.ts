/** A bucket's state: how much is in it, and when that was true. */
interface Bucket {
  tokens: number;
  atMs: number;
}

/** More keys than one edge serves; beyond them full buckets, which say nothing, are forgotten. */
const BUCKETS_MAX = 10_000;

/**
 * A rate for each key, with room for bursts of two seconds' worth. What is larger than a whole bucket passes a full
 * one, and is paid for afterwards.
 */
export class TokenBuckets {
  private readonly perSecond: number;
  private readonly capacity: number;
  private readonly now: () => number;
  private readonly buckets = new Map<string, Bucket>();

  constructor(perSecond: number, now: () => number) {
    this.perSecond = perSecond;
    this.capacity = 2 * perSecond;
    this.now = now;
  }

  /** Keys that are remembered. */
  get size(): number {
    return this.buckets.size;
  }

  /** 0 when the tokens were there and are taken; else the seconds until they will be. */
  take(key: string, tokens: number): number {
    const bucket = this.bucketOf(key);
    const wanted = Math.min(tokens, this.capacity);
    if (bucket.tokens < wanted) return (wanted - bucket.tokens) / this.perSecond;
    bucket.tokens -= tokens;
    return 0;
  }

  private bucketOf(key: string): Bucket {
    const atMs = this.now();
    const bucket = this.buckets.get(key) ?? { tokens: this.capacity, atMs };
    this.fill(bucket, atMs);
    if (!this.buckets.has(key)) {
      if (this.buckets.size >= BUCKETS_MAX) this.forgetFull(atMs);
      this.buckets.set(key, bucket);
    }
    return bucket;
  }

  /** A clock that was set back neither fills nor empties a bucket. */
  private fill(bucket: Bucket, atMs: number): void {
    const elapsedMs = Math.max(0, atMs - bucket.atMs);
    bucket.tokens = Math.min(this.capacity, bucket.tokens + (elapsedMs / 1_000) * this.perSecond);
    bucket.atMs = atMs;
  }

  private forgetFull(atMs: number): void {
    for (const [key, bucket] of this.buckets) {
      this.fill(bucket, atMs);
      if (bucket.tokens >= this.capacity) this.buckets.delete(key);
    }
  }
}
