// Preloaded into every child of the launcher: when the launcher is gone, however it went, the child stops as if asked to,
// and if it cannot, it ends. It also answers the launcher's pings, so that one that hangs is found. What the child forks
// inherits this file and is left alone: it is the child's own to stop.
import { PING, PONG } from "./pings.mjs";

const LIMIT_MS = 15_000;

if (process.channel && process.env.TELLTALE_LAUNCHER === String(process.ppid)) {
  process.on("message", (message) => {
    if (message === PING) process.send?.(PONG, () => undefined);
  });
  process.once("disconnect", () => {
    setTimeout(() => process.exit(1), LIMIT_MS).unref();
    process.kill(process.pid, "SIGTERM");
  });
  process.channel.unref();
}
