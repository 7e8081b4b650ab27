import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createClient } from "@telltale/sdk";
import { withWatch } from "@telltale/sdk/watch/node";
import { z } from "zod";
import { FLAG, type Served, startCheckout } from "./checkout.ts";
import { signIn } from "./dashboard.ts";
import { readEnv } from "./env.ts";
import { fetchRelease, type Release, shipExpress } from "./release.ts";

const HELP = `Ships a faulty checkout by a guarded canary while visitors shop, and measures how it is taken back.

  --rate N      requests a second (100)
  --fault P     percent of those who get the new checkout for whom it fails (50)
  --seed N      the same seed brings the same visitors (1)
  --seconds N   gives up after so long (120)
  --json        prints the figures as JSON
`;

const optionsSchema = z.object({
  rate: z.coerce.number().min(1).max(2_000).default(100),
  fault: z.coerce.number().min(0).max(100).default(50),
  seed: z.coerce.number().int().min(0).default(1),
  seconds: z.coerce.number().min(1).max(3_600).default(120),
  json: z.boolean().default(false),
});

/** Visitors ask one after the other, at a rate, until they are stopped; each asks several times. */
async function shop(url: string, { rate, seed }: { rate: number; seed: number }, isOver: () => boolean) {
  const open = new Set<Promise<unknown>>();
  for (let request = 0; !isOver(); request++) {
    const visitor = `v-${seed * 1_000_000 + (request % 5_000)}`;
    const asked = fetch(`${url}/${visitor}`)
      .then((response) => response.arrayBuffer())
      .catch(() => undefined)
      .finally(() => open.delete(asked));
    open.add(asked);
    if (request % Math.max(1, Math.round(rate / 50)) === 0) await pause(20);
  }
  await Promise.all(open);
}

interface Figures {
  release: number;
  status: string;
  visitors: number;
  exposed: number;
  failing: number;
  /** From the first HTTP 500, seconds; null: it did not come to that. */
  toVerdict: number | null;
  toLastInstance: number | null;
  toProof: number | null;
}

function figuresOf(number: number, release: Release, served: Served, backAt: number | undefined): Figures {
  const since = (at: number | undefined) => {
    if (at === undefined || served.firstFailureAt === undefined) return null;
    return Number(((at - served.firstFailureAt) / 1_000).toFixed(2));
  };
  const at = (kind: string) => {
    const found = release.transitions.find((transition) => transition.kind === kind);
    return found && Date.parse(found.at);
  };
  return {
    release: number,
    status: release.status,
    visitors: served.all.size,
    exposed: served.exposed.size,
    failing: served.failing.size,
    toVerdict: since(at("rolling_back")),
    toLastInstance: since(backAt),
    toProof: since(at("rolled_back")),
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rate: { type: "string" },
      fault: { type: "string" },
      seed: { type: "string" },
      seconds: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const { rate, fault, seed, seconds, json } = optionsSchema.parse(values);
  const env = readEnv();
  const say = (line: string) => process.stdout.write(json ? "" : `${line}\n`);
  const telltale = withWatch(createClient({ key: env.SERVER_KEY, url: env.EDGE_URL }));
  await telltale.ready();
  const dashboard = await signIn(env.DASHBOARD_URL, { email: env.OWNER_EMAIL, password: env.OWNER_PASSWORD });
  const number = await shipExpress(dashboard, env.PROJECT);
  say(`Release ${number} is out: ${env.DASHBOARD_URL}/${env.PROJECT}/releases/${number}`);
  const { url, served, server } = await startCheckout(telltale, { fault: fault / 100 });
  let backAt: number | undefined;
  telltale.on("change", () => {
    const [one] = served.exposed;
    if (one !== undefined && !telltale.for({ targetingKey: one }).peek(FLAG, false).value) backAt ??= Date.now();
  });
  let isOver = false;
  const shopping = shop(url, { rate, seed }, () => isOver);
  const deadline = Date.now() + seconds * 1_000;
  let release = await fetchRelease(dashboard, env.PROJECT, number);
  while (!["rolled_back", "rollback_unverified"].includes(release.status) && Date.now() < deadline) {
    await pause(500);
    release = await fetchRelease(dashboard, env.PROJECT, number);
    say(`${release.status}: ${served.exposed.size} exposed, ${served.failing.size} failing of ${served.all.size}`);
  }
  isOver = true;
  await shopping;
  server.close();
  await telltale.close();
  const figures = figuresOf(number, release, served, backAt);
  process.stdout.write(json ? `${JSON.stringify(figures)}\n` : describe(figures));
  if (fault > 0 && figures.status !== "rolled_back") process.exitCode = 1;
}

function describe({ status, visitors, exposed, failing, toVerdict, toLastInstance, toProof }: Figures): string {
  const after = (seconds: number | null) => (seconds === null ? "never" : `${seconds} s after the first failure`);
  return [
    `\nThe release is ${status.replaceAll("_", " ")}.`,
    `  visitors        ${visitors}, of whom ${exposed} got the new checkout and ${failing} an error`,
    `  verdict         ${after(toVerdict)}`,
    `  last instance   ${after(toLastInstance)}`,
    `  proof           ${after(toProof)}\n\n`,
  ].join("\n");
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
