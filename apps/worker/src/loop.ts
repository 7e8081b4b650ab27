import type { Logger } from "pino";

/** Something done again and again by the leading worker. */
export interface Job {
  name: string;
  /** Pause between the end of one run and the start of the next, milliseconds. */
  everyMs: number;
  run(): Promise<void>;
}

export interface Loop {
  /** Waits for runs under way, then stops. */
  stop(): Promise<void>;
}

/** Runs jobs side by side until stopped. A failing run is logged and tried again after its pause. */
export function startLoop(jobs: Job[], leads: () => Promise<boolean>, log: Logger): Loop {
  const stopping = new AbortController();
  const runs = jobs.map((job) => repeat(job, leads, log, stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(runs);
    },
  };
}

async function repeat(job: Job, leads: () => Promise<boolean>, log: Logger, signal: AbortSignal) {
  let failures = 0;
  while (!signal.aborted) {
    try {
      if (await leads()) await job.run();
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures === 1 || failures % 60 === 0) log.error({ job: job.name, failures, err: error }, "job failed");
    }
    await pause(Math.min(job.everyMs * 2 ** Math.min(failures, 4), 60_000), signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}
