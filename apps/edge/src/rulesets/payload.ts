import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { CurrentRuleset } from "@telltale/ruleset/read";

const compressors = {
  gzip: promisify(gzip),
  br: (input: Uint8Array) => promisify(brotliCompress)(input, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
} as const;

export type Encoding = keyof typeof compressors | "identity";

/** The forms in which one version of a ruleset is sent; each is built once, for all clients. */
export interface Payload {
  version: number;
  /** As it is stored. */
  document: string;
  /** The server-sent event, ready to be written to every stream. */
  frame: Uint8Array<ArrayBuffer>;
  body(encoding: Encoding): Promise<Uint8Array<ArrayBuffer>>;
}

const payloads = new WeakMap<CurrentRuleset, Payload>();

/** The payload of a ruleset as the reader holds it: the same object gives the same buffers. */
export function payloadOf(ruleset: CurrentRuleset): Payload {
  const known = payloads.get(ruleset);
  if (known) return known;
  const document = Buffer.from(ruleset.document);
  const bodies = new Map<Encoding, Promise<Uint8Array<ArrayBuffer>>>([["identity", Promise.resolve(document)]]);
  // A line break in JSON can only stand between tokens: a space says the same on one line.
  const line = ruleset.document.replace(/[\r\n]+/g, " ");
  const payload: Payload = {
    version: ruleset.version,
    document: ruleset.document,
    frame: Buffer.from(`event: ruleset\nid: ${ruleset.version}\ndata: ${line}\n\n`),
    body(encoding) {
      let body = bodies.get(encoding);
      if (!body) {
        body = encoding === "identity" ? Promise.resolve(document) : compressors[encoding](document);
        bodies.set(encoding, body);
      }
      return body;
    },
  };
  payloads.set(ruleset, payload);
  return payload;
}
