import type { Attempt, Scale } from "./attempts.ts";
import { type EdgeWorld, KEYS, OFREP, RELAY_TOKEN } from "./edge-world.ts";
import { type RawAnswer, rawRequest } from "./raw-request.ts";
import { hostileTexts } from "./texts.ts";

/** Requests as no client of ours would make them. */
export function requestAttempts(world: EdgeWorld, scale: Scale): Attempt[] {
  return [headers(world, scale), paths(world, scale), methods(world), schemas(world), beforeTheBody(world)];
}

const ENDPOINTS: [method: string, path: string][] = [
  ["GET", "/v1/ruleset"],
  ["GET", "/v1/stream"],
  ["POST", "/v1/events"],
  ["POST", OFREP],
  ["POST", `${OFREP}/op-in`],
  ["GET", "/relay/v1/feed"],
  ["GET", "/livez"],
  ["GET", "/readyz"],
  ["GET", "/metrics"],
  ["GET", "/version"],
  ["GET", "/nowhere"],
];
const READ = ["authorization", "x-api-key", "origin", "if-none-match", "accept-encoding", "last-event-id"];
const NAMES = [...READ, "content-type", "content-encoding", "x-request-id", "x-forwarded-for", "host"];

/** Requests byte by byte, as no client of ours would write them. */
async function raw(world: EdgeWorld, [method, path]: [string, string], lines: string[]): Promise<RawAnswer> {
  const known = lines.some((line) => /^(authorization|x-api-key):/i.test(line))
    ? []
    : [`authorization: Bearer ${KEYS.server}`];
  return rawRequest(world.port, [`${method} ${path} HTTP/1.1`, "host: edge", ...known, ...lines]);
}

const asResponse = ({ status, text }: RawAnswer) =>
  new Response(status < 200 ? "" : text, { status: Math.max(200, status) });

/** Every header that is read, at every endpoint. */
function headers(world: EdgeWorld, scale: Scale): Attempt {
  const texts = [
    ...hostileTexts(scale === "whole" ? 12_000 : 2_000).filter(([, text]) => /^[\x20-\x7e]*$/.test(text)),
    ...[
      ["commas", ",".repeat(8_000)],
      ["tags", '"a",'.repeat(3_000)],
      ["semicolons", "br;".repeat(4_000)],
    ],
  ] as [string, string][];
  return {
    name: "every header at every endpoint",
    async run(tally) {
      for (const endpoint of ENDPOINTS) {
        for (const header of NAMES) {
          for (const [name, text] of texts) {
            const label = `${endpoint.join(" ")}, ${header}: ${name}`;
            await tally.ask(label, async () => asResponse(await raw(world, endpoint, [`${header}: ${text}`])));
          }
        }
      }
    },
  };
}

/** Every endpoint with a path and a query that nobody means. */
function paths(world: EdgeWorld, scale: Scale): Attempt {
  const length = scale === "whole" ? 12_000 : 1_000;
  const ends = [
    "%00",
    "%ff",
    "%ud83d",
    "%2e%2e%2f",
    "/..;/",
    "?%00=%00",
    "?schema=%00",
    "?%",
    `?schema=${"1".repeat(length)}`,
  ];
  const long = hostileTexts(length).flatMap(([, text]) => [
    `/${encodeText(text)}`,
    `?schema=${encodeText(text)}`,
    `?${encodeText(text)}`,
  ]);
  return {
    name: "every endpoint with a hostile path and query",
    async run(tally) {
      for (const [method, path] of ENDPOINTS) {
        for (const end of [...ends, ...long])
          await tally.ask(`${method} ${path}${end}`.slice(0, 80), async () =>
            asResponse(await raw(world, [method, path + end], [])),
          );
      }
    },
  };
}

const encodeText = (text: string) => encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, "")).slice(0, 14_000);

/** Every method at every endpoint: what there is none for is 405 where the path is known, and 404 elsewhere. */
function methods(world: EdgeWorld): Attempt {
  return {
    name: "every method at every endpoint",
    async run(tally) {
      for (const [own, path] of ENDPOINTS) {
        for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"]) {
          if (method === own) continue;
          const expected = path === "/nowhere" ? [404] : [405];
          const headers = path.startsWith("/relay") ? [`authorization: Bearer ${RELAY_TOKEN}`] : [];
          const ask = async () => asResponse(await raw(world, [method, path], headers));
          await tally.ask(`${method} ${path}`, ask, expected);
        }
      }
      const basic = ["authorization: Basic dXNlcjpwYXNz", `x-api-key: ${KEYS.server}`];
      await tally.ask(
        "X-API-Key beside Basic",
        async () => asResponse(await raw(world, ["GET", "/v1/ruleset"], basic)),
        [200],
      );
    },
  };
}

function schemas(world: EdgeWorld): Attempt {
  return {
    name: "every schema that an SDK may name",
    async run(tally) {
      const get = (query: string) => (signal: AbortSignal) => world.call(`/v1/ruleset${query}`, { signal });
      for (const query of ["", "?schema=1", "?schema=2"]) await tally.ask(query, get(query), [200]);
      for (const query of ["?schema=0", "?schema=3", "?schema=1e1", "?schema=-1", `?schema=${"9".repeat(400)}`])
        await tally.ask(query, get(query), [400]);
    },
  };
}

/** A body that would be refused is refused before it is sent. */
function beforeTheBody(world: EdgeWorld): Attempt {
  return {
    name: "“Expect: 100-continue” before too large a body",
    async run(tally) {
      for (const [path, length] of [
        ["/v1/events", 2_000_000],
        [OFREP, 70_000],
        [`${OFREP}/op-in`, 70_000],
      ] as const) {
        const lines = ["expect: 100-continue", `content-length: ${length}`];
        await tally.ask(path, async () => asResponse(await raw(world, ["POST", path], lines)), [413]);
      }
    },
  };
}
