import { connect } from "node:net";

/** Asks for the ruleset as fast as it is answered. `node get.mjs port key connections seconds [etag]`. */
const [port, key, connections, seconds, etag] = process.argv.slice(2);
const condition = etag ? `If-None-Match: ${etag}\r\n` : "";
const request = Buffer.from(
  `GET /v1/ruleset HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\n${condition}\r\n`,
);
const WARM_MS = 1_000;
const start = performance.now();
let counted = 0;
let other = 0;
for (let i = 0; i < Number(connections); i++) {
  const socket = connect(Number(port), "127.0.0.1");
  socket.setNoDelay(true);
  let answer = "";
  socket.on("connect", () => socket.write(request));
  socket.on("data", (chunk) => {
    answer += chunk.toString("latin1");
    const end = answer.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? 0);
    if (answer.length < end + 4 + length) return;
    if (answer.startsWith(etag ? "HTTP/1.1 304" : "HTTP/1.1 200")) {
      if (performance.now() - start > WARM_MS) counted++;
    } else other++;
    answer = "";
    socket.write(request);
  });
}
setTimeout(
  () => process.send({ perSecond: Math.round(counted / Number(seconds)), other }, () => process.exit(0)),
  WARM_MS + Number(seconds) * 1_000,
);
