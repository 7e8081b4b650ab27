import { register } from "tsx/esm/api";

/** SDKs among the streams: tells its parent when each has called back with a version. `node sdks.mjs port key count`. */
register();
// As its users would: by what it is, not as a part of the edge.
const source = new URL("../../../../packages/sdk/src/index.ts", import.meta.url);
const { createClient } = await import(source.href);
const [port, key, count] = process.argv.slice(2);
const now = () => performance.timeOrigin + performance.now();
let calls = [];
const clients = Array.from({ length: Number(count) }, () =>
  createClient({ key, url: `http://127.0.0.1:${port}`, events: false }),
);
await Promise.all(clients.map((client) => client.ready()));
for (const client of clients) client.on("change", () => calls.push(now()));
process.send({ ready: true });
process.on("message", ({ committedAt }) => {
  const wait = () => {
    if (calls.length < Number(count)) return void setTimeout(wait, 5);
    process.send({ delays: calls.map((at) => at - committedAt) });
    calls = [];
  };
  wait();
});
process.on("disconnect", () => process.exit(0));
