import type { EncodedEvents } from "@telltale/events";
import type { Contents } from "./record.ts";
import type { SpoolSegment } from "./spool.ts";

export interface ReplayOptions {
  spool: {
    oldest(): Promise<SpoolSegment | undefined>;
    read(segment: SpoolSegment): Promise<Contents>;
    remove(segment: SpoolSegment): Promise<void>;
  };
  insert: (groups: EncodedEvents[]) => Promise<void>;
  /** Whether the store refused events for what is in them: sent again they would be refused again. */
  isUnreadable: (error: unknown) => boolean;
  /** Keeps what the store will never take where a person can look at it. */
  setAside: (batch: EncodedEvents, reason: unknown) => Promise<void>;
  /** The store took or refused an attempt. */
  onAttempt: (outcome: "stored" | "failed", events: number) => void;
  /** Bytes of a segment that are no records. */
  onDamage: (segment: string, bytes: number) => void;
  /** Something else went wrong; it is tried again. */
  onError: (error: unknown) => void;
  maxEvents: number;
  /** Between attempts that fail: doubled each time, up to twenty times as long, and spread by a quarter. */
  retryMs: number;
  random?: () => number;
}

/**
 * Brings what was spooled into the store, oldest first, one group at a time, for as long as it takes. A segment is
 * removed when all of it is stored; stopped in the middle, it begins again at the segment's start, which costs nothing:
 * events are counted once by their ids.
 */
export class Replay {
  private readonly options: ReplayOptions;
  private running: Promise<void> | undefined;
  private failures = 0;
  private stopped = false;
  private wake: () => void = () => {};

  constructor(options: ReplayOptions) {
    this.options = options;
  }

  /** To be called when something may wait. */
  start(): void {
    if (this.stopped) return;
    this.running ??= this.run();
  }

  /** Resolves when the attempt under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    const { spool } = this.options;
    while (!this.stopped) {
      try {
        const segment = await spool.oldest();
        if (!segment) break;
        if (await this.replay(segment)) await spool.remove(segment);
      } catch (error) {
        this.options.onError(error);
        await this.pause();
      }
    }
    // In the turn that found nothing: the next batch that is spooled starts a new replay.
    this.running = undefined;
  }

  /** True when all of the segment is in the store or set aside. */
  private async replay(segment: SpoolSegment): Promise<boolean> {
    const { records, damagedBytes } = await this.options.spool.read(segment);
    if (damagedBytes > 0) this.options.onDamage(segment.name, damagedBytes);
    for (const group of groupsOf(records, this.options.maxEvents)) {
      if (!(await this.insertForSure(group))) return false;
    }
    return true;
  }

  /** Tries until it is stored; false when it was stopped before. */
  private async insertForSure(group: EncodedEvents[]): Promise<boolean> {
    while (!this.stopped) {
      const failure = await this.attempt(group);
      if (failure === undefined) return true;
      if (this.options.isUnreadable(failure.error)) {
        const [only, ...others] = group;
        if (only && others.length === 0) {
          await this.options.setAside(only, failure.error);
          return true;
        }
        for (const one of group) if (!(await this.insertForSure([one]))) return false;
        return true;
      }
      await this.pause();
    }
    return false;
  }

  private async attempt(group: EncodedEvents[]): Promise<{ error: unknown } | undefined> {
    const events = group.reduce((sum, one) => sum + one.events, 0);
    try {
      await this.options.insert(group);
      this.failures = 0;
      this.options.onAttempt("stored", events);
      return undefined;
    } catch (error) {
      this.options.onAttempt("failed", events);
      return { error };
    }
  }

  private pause(): Promise<void> {
    const { retryMs, random = Math.random } = this.options;
    const ms = Math.min(retryMs * 2 ** this.failures++, retryMs * 20) * (0.75 + random() / 2);
    if (this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Whole batches, as many as fit. */
function* groupsOf(records: EncodedEvents[], maxEvents: number): Generator<EncodedEvents[]> {
  let group: EncodedEvents[] = [];
  let events = 0;
  for (const record of records) {
    if (group.length > 0 && events + record.events > maxEvents) {
      yield group;
      group = [];
      events = 0;
    }
    group.push(record);
    events += record.events;
  }
  if (group.length > 0) yield group;
}
