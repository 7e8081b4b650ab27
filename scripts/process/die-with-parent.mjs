// Preloaded into every child of the launcher: when the launcher is gone, however it went, the child stops as if asked to,
// and if it cannot, it ends.
const LIMIT_MS = 15_000;

if (process.channel) {
  process.channel.unref();
  process.once("disconnect", () => {
    setTimeout(() => process.exit(1), LIMIT_MS).unref();
    process.kill(process.pid, "SIGTERM");
  });
}
