// Preloaded into every child of the launcher: when the launcher is gone, however it went, the child stops as if asked to,
// and if it cannot, it ends. What the child forks inherits this file and is left alone: it is the child's own to stop.
const LIMIT_MS = 15_000;

if (process.channel && process.env.TELLTALE_LAUNCHER === String(process.ppid)) {
  process.channel.unref();
  process.once("disconnect", () => {
    setTimeout(() => process.exit(1), LIMIT_MS).unref();
    process.kill(process.pid, "SIGTERM");
  });
}
