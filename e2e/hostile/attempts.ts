/** What a hostile run is made of. Each target (the edge, the dashboard) is a file that opens it and says what is tried. */

/** `short` is part of the integration tests, `whole` is `npm run hostile`. */
export type Scale = "short" | "whole";

/** Real processes, and what is tried on them. Disposing of it ends the processes. */
export interface AttackTarget extends AsyncDisposable {
  name: string;
  attempts: Attempt[];
}

/** Something hostile that must have an answer: one line of the table. */
export interface Attempt {
  name: string;
  run(tally: Tally): Promise<void>;
}

/** An answer that takes longer is none: many times what the slowest takes on a busy machine, a fraction of an attack's. */
const ANSWER_MS_MAX = 2_000;
/** A request that was slow is sent again so often, before it counts as slow. */
const AGAIN_MAX = 3;
/** Of one request; then it is given up. */
const HANG_MS = 60_000;
/** Of one attempt, shown. */
const FAULTS_SHOWN = 5;

export interface Result {
  target: string;
  name: string;
  requests: number;
  slowestMs: number;
  /** How often each status was answered. */
  answers: string;
  faults: string[];
}

/** Counts what an attempt meets, and what of it must not be. */
export class Tally {
  requests = 0;
  slowestMs = 0;
  readonly faults: string[] = [];
  private readonly answers = new Map<number, number>();

  /**
   * Sends a request. A fault is: no answer in time, a 500, or another status than is expected.
   * @param expected statuses that may be answered; any below 500 unless given
   */
  async ask(
    label: string,
    send: (signal: AbortSignal) => Promise<Response>,
    expected?: readonly number[],
  ): Promise<string> {
    let last = await this.send(label, send, expected);
    // Other work on the machine may have been in the way: an attack is as slow each time.
    for (let i = 0; i < AGAIN_MAX && last.tookMs > ANSWER_MS_MAX; i++) last = await this.send(label, send, expected);
    this.slowestMs = Math.max(this.slowestMs, last.tookMs);
    if (last.tookMs > ANSWER_MS_MAX) this.fault(`${label}: ${Math.round(last.tookMs)} ms`);
    return last.text;
  }

  /** Sends one request of a flood: it must be answered, but may wait behind the others of the flood. */
  async flood(label: string, send: (signal: AbortSignal) => Promise<Response>, expected: readonly number[]) {
    await this.send(label, send, expected);
  }

  fault(sentence: string): void {
    this.faults.push(sentence);
  }

  /** A fault unless it holds. */
  check(holds: boolean, sentence: string): void {
    if (!holds) this.fault(sentence);
  }

  resultOf(target: string, name: string): Result {
    const { requests, slowestMs, faults } = this;
    const answers = [...this.answers].map(([status, count]) => `${count} × ${status}`).join(", ");
    return { target, name, requests, slowestMs, answers, faults };
  }

  private async send(
    label: string,
    send: (signal: AbortSignal) => Promise<Response>,
    expected: readonly number[] | undefined,
  ): Promise<{ text: string; tookMs: number }> {
    this.requests++;
    const start = performance.now();
    try {
      const answer = await send(AbortSignal.timeout(HANG_MS));
      const text = await answer.text();
      const { status } = answer;
      this.answers.set(status, (this.answers.get(status) ?? 0) + 1);
      const isExpected = expected ? expected.includes(status) : status < 500;
      if (!isExpected) this.fault(`${label}: ${status} ${text.slice(0, 200)}`);
      return { text, tookMs: performance.now() - start };
    } catch (error) {
      this.fault(`${label}: no answer (${error instanceof Error ? error.message : error})`);
      return { text: "", tookMs: 0 };
    }
  }
}

/** Tries everything, one attempt after another. */
export async function runAttempts(
  { name: target, attempts }: AttackTarget,
  onResult: (result: Result) => void = () => {},
) {
  const results: Result[] = [];
  for (const { name, run } of attempts) {
    const tally = new Tally();
    await run(tally).catch((error: unknown) => tally.fault(String(error)));
    const result = tally.resultOf(target, name);
    results.push(result);
    onResult(result);
  }
  return results;
}

/** A line of the table, and the faults below it. */
export function lineOf({ target, name, requests, slowestMs, answers, faults }: Result): string {
  const mark = faults.length > 0 ? "FAIL" : "ok";
  const numbers = `${String(requests).padStart(5)} requests ${slowestMs.toFixed(0).padStart(6)} ms`;
  const shown = faults.slice(0, FAULTS_SHOWN).map((fault) => `        ${fault}\n`);
  const more = faults.length > FAULTS_SHOWN ? `        and ${faults.length - FAULTS_SHOWN} more\n` : "";
  return `${mark.padEnd(5)} ${target.padEnd(10)} ${name.padEnd(52)} ${numbers}  ${answers}\n${shown.join("")}${more}`;
}
