import { exception } from "./exception.ts";

/** A request, read from URL, headers and body. */
export interface StatementRequest {
  sql: string;
  /** Data that follow an INSERT, apart from its text. */
  data?: Buffer;
  database?: string;
  format: string;
  settings: [name: string, value: string][];
  /** Parameters as the client sent them: escaped for tab-separated text. */
  parameters: [name: string, value: string][];
}

/** URL parameters of the HTTP interface that are no settings of the engine. */
const TRANSPORT = new Set([
  "query",
  "query_id",
  "database",
  "default_format",
  "user",
  "password",
  "quota_key",
  "session_id",
  "session_timeout",
  "session_check",
  "close_session",
  "role",
  "compress",
  "decompress",
  "stacktrace",
  "client_protocol_version",
  "buffer_size",
  "wait_end_of_query",
  "enable_http_compression",
  "send_progress_in_http_headers",
  "http_headers_progress_interval_ms",
  "http_zlib_compression_level",
  "http_response_buffer_size",
  "http_native_compression_disable_checksumming_on_decompress",
]);

/** Splits URL parameters into the statement's parts; the query may stand in the URL, the body, or begin in one and end in the other. */
export function readStatement(url: URLSearchParams, body: Buffer, formatHeader: string | undefined): StatementRequest {
  const settings: [string, string][] = [];
  const parameters: [string, string][] = [];
  for (const [name, value] of url) {
    if (name.startsWith("param_")) parameters.push([name.slice("param_".length), value]);
    else if (!TRANSPORT.has(name)) settings.push([name, value]);
  }
  const database = url.get("database") ?? undefined;
  const format = url.get("default_format") ?? formatHeader ?? "TabSeparated";
  const query = url.get("query") ?? "";
  const rest = { format, settings, parameters, ...(database ? { database } : {}) };
  if (query === "") return { sql: body.toString("utf8"), ...rest };
  if (isInsertOfData(query)) return { sql: query, data: body, ...rest };
  return { sql: body.length === 0 ? query : `${query}\n${body.toString("utf8")}`, ...rest };
}

function isInsertOfData(query: string): boolean {
  return /^\s*INSERT\s+INTO\b/i.test(query) && /\bFORMAT\s+\w+\s*;?\s*$/i.test(query);
}

/**
 * Statements that put database, settings and parameters into a fresh connection before the query runs in it.
 * A parameter goes in as the client escaped it: the engine unescapes it once, as it does for the server's `param_x`.
 */
export function prelude(statement: StatementRequest): string {
  const lines = statement.settings.map(([name, value]) => `SET ${settingName(name)} = ${literal(value)}`);
  for (const [name, value] of statement.parameters) lines.push(`SET param_${settingName(name)} = ${literal(value)}`);
  if (statement.database !== undefined) lines.push(`USE ${identifier(statement.database)}`);
  return lines.join("; ");
}

function settingName(name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return name;
  throw exception(115, "UNKNOWN_SETTING", `Unknown setting '${name}'`);
}

/** A string in single quotes. */
export function literal(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&").replace(/\0/g, "\\0")}'`;
}

/** A name in backticks. */
function identifier(name: string): string {
  return `\`${name.replace(/[\\`]/g, "\\$&")}\``;
}

/** True when the statement only reads, so that it queues with the reads. */
export function isRead(sql: string): boolean {
  const text = sql.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()+/, "");
  return /^(?:SELECT|WITH|SHOW|DESC|DESCRIBE|EXISTS|EXPLAIN)\b/i.test(text);
}

const INSERT_FORMATS = [
  "JSONEachRow",
  "JSONCompactEachRow",
  "CSV",
  "CSVWithNames",
  "TSV",
  "TabSeparated",
  "TSVWithNames",
  "TabSeparatedWithNames",
] as const;

type InsertFormat = (typeof INSERT_FORMATS)[number];

export interface PlainInsert {
  table: string;
  columns?: string[];
  format: InsertFormat;
}

const NAME = "(?:\\w+|`\\w+`)";
const INSERT = new RegExp(
  `^\\s*INSERT\\s+INTO\\s+(?:TABLE\\s+)?(${NAME}(?:\\.${NAME})?)\\s*(?:\\(\\s*(${NAME}(?:\\s*,\\s*${NAME})*)\\s*\\))?\\s*FORMAT\\s+(\\w+)\\s*;?\\s*$`,
  "i",
);

/** Reads an insert of plain names, which the engine can take as raw bytes; undefined for every other form. */
export function parseInsert(sql: string): PlainInsert | undefined {
  const match = INSERT.exec(sql);
  const format = INSERT_FORMATS.find((name) => name === match?.[3]);
  const table = match?.[1]?.replaceAll("`", "");
  if (table === undefined || format === undefined) return undefined;
  const columns = match?.[2]
    ?.replaceAll("`", "")
    .split(",")
    .map((name) => name.trim());
  return columns === undefined ? { table, format } : { table, columns, format };
}
