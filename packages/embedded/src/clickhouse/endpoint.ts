import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { areEqual, type Credentials, credentialsOf, header, isLoopback } from "./access.ts";
import { encodeAnswer, readBody, readFields } from "./body.ts";
import type { StatementResult } from "./engine.ts";
import { exception, toException } from "./exception.ts";
import { readStatement, type StatementRequest } from "./statement.ts";

/** Parameters may stand in the URL, as with the server (`http_max_uri_size`). */
const HEADER_BYTES_MAX = 1 << 20;

/** What the endpoint needs of an engine. */
export interface Runner {
  run(statement: StatementRequest): Promise<StatementResult>;
}

/** ClickHouse's HTTP interface, as far as clients use it: /ping, queries, inserts, parameters, settings, errors. */
export function createEndpoint(engine: Runner, owner: Credentials): Server {
  const server = createServer({ maxHeaderSize: HEADER_BYTES_MAX, keepAliveTimeout: 30_000 }, (request, response) => {
    handle(engine, owner, request, response).catch(() => response.destroy());
  });
  server.requestTimeout = 0;
  return server;
}

async function handle(engine: Runner, owner: Credentials, request: IncomingMessage, response: ServerResponse) {
  if (!isLoopback(request.socket.remoteAddress)) {
    request.socket.destroy();
    return;
  }
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
  const queryId = searchParams.get("query_id") || randomUUID();
  response.setHeader("X-ClickHouse-Query-Id", queryId);
  response.setHeader("X-ClickHouse-Server-Display-Name", "telltale-embedded");
  response.setHeader("X-ClickHouse-Timezone", "UTC");
  try {
    const isBare = request.method === "GET" && !searchParams.has("query");
    if (isBare && (pathname === "/" || pathname === "/ping")) return answerText(response, 200, "Ok.\n");
    await answerQuery(engine, owner, request, response, searchParams);
  } catch (error) {
    answerException(request, response, error);
  }
}

async function answerQuery(
  engine: Runner,
  owner: Credentials,
  request: IncomingMessage,
  response: ServerResponse,
  url: URLSearchParams,
): Promise<void> {
  const given = credentialsOf(request, url);
  if (given === undefined || !areEqual(given, owner)) {
    const name = given?.user ?? "default";
    throw exception(
      516,
      "AUTHENTICATION_FAILED",
      `${name}: Authentication failed: password is incorrect, or there is no user with such name`,
    );
  }
  if (request.method !== "GET" && request.method !== "POST") {
    throw exception(48, "NOT_IMPLEMENTED", `Method ${request.method} is not supported`);
  }
  const statement = await statementOf(request, url);
  if (statement.sql.trim() === "") throw exception(62, "SYNTAX_ERROR", "Syntax error: Empty query");
  if (request.method === "GET") statement.settings.push(["readonly", "2"]);
  const outcome = await engine.run(statement);
  const { body, encoding } = await encodeAnswer(outcome.body, url, header(request, "accept-encoding"));
  if (encoding) response.setHeader("Content-Encoding", encoding);
  response.setHeader("X-ClickHouse-Format", statement.format);
  response.setHeader("X-ClickHouse-Summary", summaryOf(outcome));
  response.setHeader("Content-Type", contentType(statement.format));
  response.setHeader("Content-Length", body.byteLength);
  response.end(body);
}

async function statementOf(request: IncomingMessage, url: URLSearchParams): Promise<StatementRequest> {
  const body = await readBody(request);
  const formatHeader = header(request, "x-clickhouse-format");
  const type = request.headers["content-type"] ?? "";
  if (!/^multipart\/form-data\b/i.test(type)) return readStatement(url, body, formatHeader);
  const all = new URLSearchParams(url);
  for (const [name, value] of await readFields(type, body)) all.append(name, value);
  return readStatement(all, Buffer.alloc(0), formatHeader);
}

function summaryOf(outcome: StatementResult): string {
  return JSON.stringify({
    read_rows: String(outcome.readRows),
    read_bytes: "0",
    written_rows: String(outcome.writtenRows),
    written_bytes: "0",
    total_rows_to_read: "0",
    result_rows: String(outcome.writtenRows),
    result_bytes: String(outcome.body.byteLength),
    elapsed_ns: String(Math.round(outcome.elapsedSeconds * 1e9)),
  });
}

function contentType(format: string): string {
  if (/^JSON/.test(format))
    return format.endsWith("EachRow") ? "application/x-ndjson; charset=UTF-8" : "application/json; charset=UTF-8";
  return "text/plain; charset=UTF-8";
}

function answerText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=UTF-8" });
  response.end(text);
}

/** An answer sent before the body was read to its end closes the connection. */
function answerException(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const found = toException(error);
  response.setHeader("X-ClickHouse-Exception-Code", String(found.code));
  if (!request.complete) response.setHeader("Connection", "close");
  answerText(response, found.status, `${found.message}\n`);
}
