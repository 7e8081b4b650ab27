import { createServer } from "node:http";

/**
 * What a bare Node server does with the same bytes: `/v1/stream` holds connections and writes a frame to all of them
 * when the parent says so, `/v1/ruleset` answers the document, or 304 by its tag. `node bare.mjs document`.
 */
const document = Buffer.from(process.argv[2]);
const etag = '"bare-1"';
const streams = new Set();
const server = createServer((request, response) => {
  if (request.url.startsWith("/v1/stream")) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(`event: ruleset\nid: 1\ndata: ${document}\n\n`);
    streams.add(response);
    response.on("close", () => streams.delete(response));
    return;
  }
  if (request.headers["if-none-match"] === etag) response.writeHead(304, { etag }).end();
  else {
    response.writeHead(200, { "content-type": "application/json", "content-length": document.length, etag });
    response.end(document);
  }
});
server.listen({ port: 0, host: "127.0.0.1", backlog: 2_048 }, () => process.send({ port: server.address().port }));
process.on("message", ({ version }) => {
  const frame = Buffer.from(`event: ruleset\nid: ${version}\ndata: ${document}\n\n`);
  for (const stream of streams) stream.write(frame);
});
process.on("disconnect", () => process.exit(0));
