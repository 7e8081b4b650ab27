const EVERY_MS = 100;

/** How late the event loop is, milliseconds: the latest measure or, after a stall, what is left of it a second later. */
export function watchLoop(): { lagMs(): number; stop(): void } {
  let lagMs = 0;
  let due = performance.now() + EVERY_MS;
  const timer = setInterval(() => {
    const late = Math.max(0, performance.now() - due);
    lagMs = Math.max(late, lagMs * 0.7);
    due = performance.now() + EVERY_MS;
  }, EVERY_MS).unref();
  return { lagMs: () => lagMs, stop: () => clearInterval(timer) };
}
