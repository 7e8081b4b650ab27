import { connect } from "node:net";

/**
 * Sends batches over plain sockets as fast as they are answered, each with ids of its own, and tells its parent every
 * second how many were answered and how long each took. With the prefix `read` it asks for the ruleset instead.
 * `node load.mjs port key connections prefix`.
 */
const [port, key, connections, prefix] = process.argv.slice(2);
const isReader = prefix === "read";
const EVENTS = 100;
const MARK = "IIIIIIIIIIII";
const time = new Date().toISOString();
const kinds = [
  (i) => ({
    type: "exposure",
    id: `${prefix}${MARK}${i}`,
    time,
    experiment: "checkout-button",
    flag: "checkout-button",
    variant: i % 2 ? "promise" : "control",
    unit: `user-${MARK}${i}`,
    by: "targetingKey",
    version: 7,
    attributes: { country: "DE", plan: "pro" },
  }),
  (i) => ({
    type: "track",
    id: `${prefix}${MARK}${i}`,
    time,
    name: "purchase",
    units: { targetingKey: `user-${MARK}${i}` },
    value: 42.5,
    properties: { currency: "EUR" },
  }),
  (i) => ({
    type: "evaluations",
    id: `${prefix}${MARK}${i}`,
    time,
    flag: "summer-banner",
    variant: "on",
    rule: "r1",
    reason: "TARGETING_MATCH",
    version: 7,
    count: 12,
  }),
];
const kindOf = (i) => kinds[i % 10 < 5 ? 0 : i % 10 < 9 ? 1 : 2];
const body = Buffer.from(
  JSON.stringify({
    sentAt: time,
    sdk: "bench/1",
    events: Array.from({ length: EVENTS }, (_, i) => kindOf(i)(i + 100)),
  }),
);
const head = Buffer.from(
  `POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
);
const offsets = [];
for (let at = body.indexOf(MARK); at >= 0; at = body.indexOf(MARK, at + 1)) offsets.push(at + head.length);

const seen = { answered: 0, other: {}, latencies: [] };
let sequence = 0;
let ending = false;
let open = 0;

function start() {
  const get = `GET /v1/ruleset HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\n\r\n`;
  const request = isReader ? Buffer.from(get) : Buffer.concat([head, body]);
  const socket = connect(Number(port), "127.0.0.1");
  socket.setNoDelay(true);
  open++;
  let sentAt = 0;
  let answer = "";
  const send = () => {
    if (ending) return void socket.end();
    const mark = String(sequence++).padStart(MARK.length, "0");
    for (const at of isReader ? [] : offsets) request.write(mark, at, "latin1");
    sentAt = performance.now();
    socket.write(request);
  };
  socket.on("connect", send);
  socket.on("data", (chunk) => {
    answer += chunk.toString("latin1");
    const end = answer.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? 0);
    if (answer.length < end + 4 + length) return;
    const status = answer.slice(9, 12);
    answer = "";
    seen.latencies.push(performance.now() - sentAt);
    if (status === "200") seen.answered++;
    else seen.other[status] = (seen.other[status] ?? 0) + 1;
    // Whoever is sent away comes back after a moment, as a client would.
    if (status === "200") send();
    else setTimeout(send, 200);
  });
  const gone = () => {
    open--;
    if (ending && open === 0) process.exit(0);
  };
  socket.on("close", gone);
  socket.on("error", () => {});
}

for (let i = 0; i < Number(connections); i++) start();
const report = () => {
  process.send?.({ ...seen, bodyBytes: body.length, open });
  Object.assign(seen, { answered: 0, other: {}, latencies: [] });
};
setInterval(report, 1_000);
process.on("message", () => {
  ending = true;
  setTimeout(() => {
    report();
    process.exit(0);
  }, 15_000).unref();
});
process.on("disconnect", () => process.exit(0));
