import type { Ending } from "./ending.ts";
import type { Listeners } from "./listeners.ts";

/** What every part needs: whom to talk to, the platform's pieces, and where to tell what happens. */
export interface Platform {
  readonly url: string;
  readonly key: string;
  readonly fetch: typeof fetch;
  readonly now: () => number;
  /** Runs `work` once after `delayMs`; the answer cancels it. */
  readonly schedule: (work: () => void, delayMs: number) => () => void;
  /** Uniform in 0..1, for jitter. */
  readonly random: () => number;
  readonly emit: Listeners["emit"];
}

/** A longer timer overflows and fires at once, in browsers and in Node. */
const DELAY_MS_MAX = 2 ** 31 - 1;

/**
 * The one place where delays are bounded, whatever their origin: an option, a ruleset's hint, a header. A delay beyond
 * 24.8 days waits 24.8 days, one in the past is over, and what is no number is taken for half a minute.
 */
export function boundedMs(delayMs: number): number {
  return Number.isNaN(+delayMs) ? 30_000 : Math.min(Math.max(delayMs, 0), DELAY_MS_MAX);
}

/** Full jitter: uniform in 0..`firstMs` for the first attempt, then twice as wide each time up to 30 s. */
export function backoffMs({ random }: Platform, attempt: number, firstMs = 1_000): number {
  return random() * Math.min(30_000, firstMs * 2 ** attempt);
}

/** What a `Retry-After` header asks for, in seconds or as a date; undefined when there is none. */
export function retryAfterMs(response: Response, now: number): number | undefined {
  const wait = response.headers.get("retry-after");
  return wait ? Math.max(0, Number(wait) * 1_000 || Date.parse(wait) - now || 0) : undefined;
}

/** One sentence about what went wrong: what `fetch` hides in its error's cause is said too. */
export function describeError(cause: unknown): string {
  const { message, cause: inner } = Object(cause) as { message?: unknown; cause?: { message?: string; code?: string } };
  const why = inner?.message || inner?.code;
  return `${message ?? cause}${why ? `: ${why}` : ""}`;
}

/** Why the edge refused, in its own words: they say what to do. */
export function refusalOf(status: number, answer: { detail?: unknown } | null | undefined): string {
  return `the edge answered ${status}${answer?.detail ? `: ${answer.detail}` : ""}`;
}

/** Does the work with a signal that fires when all is over, or after `limitMs` without progress. */
export async function within<T>(
  { schedule }: Platform,
  ending: Ending,
  limitMs: number,
  work: (signal: AbortSignal, progress: () => void) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort(new Error(`nothing came for ${limitMs} ms`));
  let disarm = schedule(abort, limitMs);
  const forget = ending.onEnd(abort);
  try {
    return await work(controller.signal, () => {
      disarm();
      disarm = schedule(abort, limitMs);
    });
  } finally {
    disarm();
    forget();
    // Lets go of a connection whose answer was not read to its end.
    abort();
  }
}
