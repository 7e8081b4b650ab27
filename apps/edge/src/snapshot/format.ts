import { createHash } from "node:crypto";
import { type Catalogue, catalogueName } from "@telltale/ruleset/read";
import { z } from "zod";

/** A catalogue and the moment up to which it is known to be the newest, milliseconds since 1970. */
export interface RulesetSnapshot {
  catalogue: Catalogue;
  asOf: number;
}

const audience = z.enum(["server", "client"]);

/** A key as it travels to a file or to another edge: what it stands for by its hash, never the key. */
export const keyEntries = z.array(
  z.tuple([
    z.string(),
    z.object({
      id: z.string(),
      environmentId: z.string(),
      environmentKey: z.string(),
      projectId: z.string(),
      projectKey: z.string(),
      organisationId: z.string().optional(),
      audience,
      origins: z.array(z.string()),
    }),
  ]),
);

/** A ruleset as it travels. */
export const rulesetEntry = z.object({
  environmentId: z.string(),
  environment: z.string(),
  audience,
  version: z.number().int(),
  digest: z.string(),
  document: z.string(),
  etag: z.string(),
  publishedAt: z.number(),
});

const content = z.object({ asOf: z.number(), keys: keyEntries, rulesets: z.array(rulesetEntry) });

/** `telltale-snapshot <format> <sha-256 of the rest> <bytes of the rest>`, then the rest, JSON. */
const HEADER = /^telltale-snapshot (\d+) ([0-9a-f]{64}) (\d+)$/;
const FORMAT = 1;
const HEADER_BYTES_MAX = 200;

/** The bytes of a snapshot's file. */
export function encodeSnapshot({ catalogue, asOf }: RulesetSnapshot): Buffer {
  const parts: z.infer<typeof content> = {
    asOf,
    keys: [...catalogue.keys],
    rulesets: [...catalogue.rulesets.values()],
  };
  const body = Buffer.from(JSON.stringify(parts));
  return Buffer.concat([Buffer.from(`telltale-snapshot ${FORMAT} ${sha256(body)} ${body.byteLength}\n`), body]);
}

/** What a file holds, or why it is not to be trusted. */
export function decodeSnapshot(file: Buffer): RulesetSnapshot | { refusal: string } {
  const end = file.subarray(0, HEADER_BYTES_MAX).indexOf("\n");
  const [, format, digest, bytes] = HEADER.exec(file.subarray(0, Math.max(0, end)).toString("latin1")) ?? [];
  if (format === undefined) return { refusal: "it does not begin as a snapshot does" };
  if (Number(format) !== FORMAT) return { refusal: `it has format ${format}, this edge reads format ${FORMAT}` };
  const body = file.subarray(end + 1);
  if (body.byteLength !== Number(bytes)) return { refusal: `it has ${body.byteLength} bytes instead of ${bytes}` };
  if (sha256(body) !== digest) return { refusal: "its checksum is wrong" };
  const parsed = content.safeParse(JSON.parse(body.toString()));
  if (!parsed.success) return { refusal: "it holds something else than keys and rulesets" };
  const { asOf, keys, rulesets } = parsed.data;
  return {
    asOf,
    catalogue: {
      keys: new Map(keys),
      rulesets: new Map(rulesets.map((ruleset) => [catalogueName(ruleset), ruleset])),
    },
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
