import { createServer } from "node:http";
import { createClient } from "@clickhouse/client";

/**
 * The least that could answer: parse, see that there is a list, group for 50 ms or 10,000 rows, insert synced, answer.
 * No keys, no validation, no de-duplication. `node --import tsx bare.mjs url`.
 */
const client = createClient({ url: process.argv[2] });
await client.command({
  query: `CREATE TABLE IF NOT EXISTS bare (id String, type String, at String, unit String, name String) ENGINE = MergeTree
    ORDER BY id SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
});
let rows = [];
let answers = [];
let running = 0;
let timer;

function add(events, answer) {
  for (const { id, type, time, unit = "", name = "" } of events) rows.push({ id, type, at: time, unit, name });
  answers.push(answer);
  if (rows.length >= 10_000) flush();
  else timer ??= setTimeout(flush, 50);
}

async function flush() {
  clearTimeout(timer);
  timer = undefined;
  if (running >= 2 || rows.length === 0) return;
  running++;
  const [values, waiting] = [rows, answers];
  rows = [];
  answers = [];
  await client.insert({ table: "bare", values, format: "JSONEachRow", clickhouse_settings: { async_insert: 0 } });
  for (const answer of waiting) answer();
  running--;
  if (rows.length > 0) flush();
}

createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const { events } = JSON.parse(Buffer.concat(chunks).toString());
    if (!Array.isArray(events)) return void response.writeHead(400).end();
    const text = `{"accepted":${events.length}}`;
    add(events, () => response.writeHead(200, { "content-length": text.length }).end(text));
  });
}).listen(0, "127.0.0.1", function listening() {
  process.stdout.write(`port ${this.address().port}\n`);
});
