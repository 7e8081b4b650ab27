// Preloaded into every child of the launcher: when the launcher is gone, however it went, the child stops as if asked to.
if (process.channel) {
  process.channel.unref();
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
}
