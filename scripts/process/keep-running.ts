import { BackOff } from "./back-off.ts";

/** What can end by itself and be started again at its address. */
export interface Restartable {
  restart(): Promise<void>;
  stop(): Promise<void>;
  onExit(listener: (reason: string) => void): void;
}

/** Starts an engine again, for ever, each time it ends by itself; later each time, when it does not live long. */
export function keepRunning(engine: Restartable, onTrouble: (sentence: string) => void): { stop(): Promise<void> } {
  const backOff = new BackOff();
  let startedAt = Date.now();
  let isStopping = false;
  let timer: NodeJS.Timeout | undefined;
  const again = (reason: string) => {
    if (isStopping) return;
    const waitMs = backOff.nextMs(Date.now() - startedAt);
    onTrouble(`${reason} Starting it again in ${waitMs / 1000} s.`);
    timer = setTimeout(() => {
      startedAt = Date.now();
      engine.restart().catch((error: unknown) => again(error instanceof Error ? error.message : String(error)));
    }, waitMs);
  };
  engine.onExit(again);
  return {
    stop: async () => {
      isStopping = true;
      clearTimeout(timer);
      await engine.stop();
    },
  };
}
