import { connect } from "node:net";

/**
 * Opens streams over plain sockets and tells its parent when a version has come to each of them.
 * `node clients.mjs port key streams path`.
 */
const [port, key, count, path] = process.argv.slice(2);
const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\n\r\n`;
const now = () => performance.timeOrigin + performance.now();
let open = 0;
/** When each stream had the newest version. */
let arrivals = [];

function start(i) {
  // A second loopback address for every 20,000 ports.
  const socket = connect({
    port: Number(port),
    host: "127.0.0.1",
    localAddress: `127.0.0.${2 + Math.floor(i / 15_000)}`,
  });
  socket.on("connect", () => socket.write(request));
  let isOpen = false;
  socket.on("data", (chunk) => {
    const text = chunk.toString("latin1");
    if (!isOpen && text.includes("data:")) {
      isOpen = true;
      open++;
      return;
    }
    if (isOpen && /\nid: \d+\n/.test(text)) arrivals.push(now());
  });
  // Whom the kernel turned away while thousands came is back in a moment.
  socket.on("error", () => {});
  socket.on("close", () => {
    if (isOpen) open--;
    setTimeout(() => start(i), 50);
  });
}

// A hundred at a time, so that the listener's queue holds them.
for (let i = 0; i < Number(count); i += 100) {
  for (let j = i; j < Math.min(i + 100, Number(count)); j++) start(j);
  while (open < Math.min(i + 100, Number(count)) - 5) await new Promise((resolve) => setTimeout(resolve, 5));
}
while (open < Number(count)) await new Promise((resolve) => setTimeout(resolve, 5));
process.send({ ready: true });
process.on("message", ({ committedAt }) => {
  const wait = () => {
    if (arrivals.length < Number(count)) return void setTimeout(wait, 5);
    process.send({ delays: arrivals.map((at) => at - committedAt) });
    arrivals = [];
  };
  wait();
});
process.on("disconnect", () => process.exit(0));
