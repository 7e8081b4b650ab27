import type { ClientSettings } from "../options.ts";

/** Whether the edge was heard lately, by the clock. */
export interface EdgeFreshness {
  /** When the edge last said that what is in use is the newest; undefined when it never did. */
  heardAt: number | undefined;
  /** Whether the edge was not heard for too long. */
  isStale(): boolean;
  onHeard(): void;
  /** Tells when it is stale, now or as soon as it will be. */
  watch(): void;
  /** Nothing is told any more. */
  end(): void;
}

/** @param version Version in use; nothing is stale before there is one. */
export function createFreshness(
  { platform, mode, staleMs }: ClientSettings,
  version: () => number | undefined,
): EdgeFreshness {
  const { now, emit } = platform;
  let schedule = mode === "background" ? platform.schedule : never;
  let silentSince = now();
  let isTold = false;
  /** Stops the timer that will look at the clock; undefined when there is none. */
  let disarm: (() => void) | undefined;
  const watch = (): void => {
    disarm?.();
    disarm = undefined;
    const ageMs = now() - silentSince;
    if (ageMs < staleMs) disarm = schedule(watch, staleMs - ageMs);
    else if (version() !== undefined && !isTold) {
      isTold = true;
      emit("stale", { ageMs });
    }
  };
  const freshness: EdgeFreshness = {
    heardAt: undefined,
    isStale: () => mode !== "offline" && now() - silentSince >= staleMs,
    watch,
    onHeard() {
      freshness.heardAt = silentSince = now();
      if (isTold) {
        isTold = false;
        emit("fresh", { version: version() ?? 0 });
      }
      if (!disarm) watch();
    },
    end() {
      disarm?.();
      schedule = never;
    },
  };
  return freshness;
}

const never = () => () => {};
