import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, gzip, inflate } from "node:zlib";
import { exception } from "./exception.ts";

/** Largest request body, before and after decompression. */
const BODY_BYTES_MAX = 64 << 20;

const DECODERS = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/** Reads the whole body, decompressed. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes: Buffer = chunk;
    size += bytes.length;
    if (size > BODY_BYTES_MAX) throw tooLarge();
    chunks.push(bytes);
  }
  const raw = Buffer.concat(chunks);
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding === "identity" || raw.length === 0) return raw;
  if (encoding !== "gzip" && encoding !== "deflate" && encoding !== "br") {
    throw exception(48, "NOT_IMPLEMENTED", `Content-Encoding ${encoding} is not supported`);
  }
  try {
    return await DECODERS[encoding](raw, { maxOutputLength: BODY_BYTES_MAX });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE") throw tooLarge();
    throw exception(354, "ZLIB_INFLATE_FAILED", `The body is not valid ${encoding}`, 400);
  }
}

function tooLarge(): Error {
  return exception(223, "QUERY_IS_TOO_LARGE", `The request body is larger than ${BODY_BYTES_MAX} bytes`);
}

/** Fields of a multipart body (how clients send parameters that are too long for a URL). */
export async function readFields(contentType: string, body: Buffer): Promise<[string, string][]> {
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": contentType } }).formData();
  const fields: [string, string][] = [];
  for (const [name, value] of form) fields.push([name, typeof value === "string" ? value : await value.text()]);
  return fields;
}

const compress = promisify(gzip);

/** Compresses an answer when the client asked for it in both of ClickHouse's ways. */
export async function encodeAnswer(
  body: Uint8Array,
  url: URLSearchParams,
  accepts: string | undefined,
): Promise<{ body: Uint8Array; encoding?: "gzip" }> {
  const wanted = ["1", "true"].includes(url.get("enable_http_compression") ?? "");
  if (!wanted || !/\bgzip\b/.test(accepts ?? "")) return { body };
  return { body: await compress(body, { level: 1 }), encoding: "gzip" };
}
