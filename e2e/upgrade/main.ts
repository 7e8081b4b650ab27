import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { createClient } from "@telltale/sdk";
import { countEvents, openClient, type Person, type SignedInClient, signIn } from "./client.ts";
import { checkOutEarlierRelease, EARLIER, hasEarlierRelease, root } from "./earlier-release.ts";
import { type Facts, isAnalysed, readFacts } from "./facts.ts";
import { type Place, type Product, runCommand, startProduct, stopAll } from "./product.ts";

interface Demo {
  owner: Person;
  project: string;
  keys: Record<string, { server: string; client: string }>;
}

/** Who is signed in, as this release answers. */
interface Membership {
  organisations: { role: string; projects: { key: string; address: string }[] }[];
}

const say = (line: string) => process.stdout.write(`${line}\n`);
let failed = 0;

function check(name: string, holds: boolean, detail = ""): void {
  if (!holds) failed += 1;
  say(`${holds ? "ok   " : "FAIL "} ${name}${detail && `: ${detail}`}`);
}

/** `npm run upgrade`: a data folder that the earlier release has made and used, started by the present one. */
async function main(folder: string): Promise<void> {
  const dataFolder = path.join(folder, "data");
  say(`Building and starting ${EARLIER} (some minutes) …`);
  const earlierRoot = checkOutEarlierRelease(folder);
  let product = await startProduct({ root: earlierRoot, dataFolder });
  const demo = JSON.parse(readFileSync(path.join(dataFolder, "demo.json"), "utf8")) as Demo;
  const key = demo.keys.production?.server ?? "";
  const before = await signIn(product, demo.owner);
  await use({ root: earlierRoot, dataFolder }, product, before, demo.project);
  const facts = await readFacts(product, before, demo.project, key);
  await product.stop();

  say("Starting this release on its data …");
  product = await startProduct({ root, dataFolder });
  const after = openClient(product.dashboardUrl, before.cookie);
  const { organisations } = await after.ask<Membership>("session.me");
  const [own] = organisations;
  check("the session goes on", own?.role === "Owner");
  // Projects are unique within their organisation now.
  const address = own?.projects.find((project) => project.key === demo.project)?.address ?? "";
  check("the password is as before", (await signIn(product, demo.owner)).cookie !== "");
  compare(facts, await readFacts(product, after, address, key));
  await checkSdks(product, demo, { root: earlierRoot, dataFolder });
  await checkChange(after, address);
  await product.stop();
}

/** A change, a new flag, and people who come and buy: by that release's own doors. */
async function use(place: Place, product: Product, client: SignedInClient, project: string): Promise<void> {
  await client.change("flag.create", { project, key: "of-then", name: "Of then", type: "boolean" });
  const at = { project, flag: "of-then", environment: "production" };
  await client.change("flag.switch", { ...at, expectedRevision: 1, on: true });
  await runCommand(place, "visitors", ["--people", "500"]);
  await settle(product);
  const until = Date.now() + ANALYSIS_LIMIT_MS;
  while (!(await isAnalysed(product, client, project))) {
    if (Date.now() > until) throw new Error("The earlier release did not count all of its events.");
    await pause(1_000);
  }
}

const ANALYSIS_LIMIT_MS = 300_000;

/** Waits until everything that was acknowledged is in the store. */
async function settle(product: Product): Promise<void> {
  let known: unknown;
  for (let same = 0; same < 5; ) {
    const found = await countEvents(product);
    same = isDeepStrictEqual(found, known) ? same + 1 : 0;
    known = found;
    await pause(2_000);
  }
}

function compare(before: Facts, after: Facts): void {
  const { "audit trail": trail, ...others } = before;
  const [then, now] = [trail, after["audit trail"]] as [unknown[], unknown[]];
  const isKept = isDeepStrictEqual(now.slice(-then.length), then);
  check("audit trail", isKept, `${then.length} lines, ${now.length} now`);
  const kinds = new Map<string, { same: number; others: string[] }>();
  for (const [name, fact] of Object.entries(others)) {
    const kind = name.split(" ")[0] ?? name;
    const counted = kinds.get(kind) ?? { same: 0, others: [] };
    kinds.set(kind, counted);
    if (isDeepStrictEqual(after[name], fact)) counted.same += 1;
    else counted.others.push(`${name}\n  then ${JSON.stringify(fact)}\n  now  ${JSON.stringify(after[name])}`);
  }
  for (const [kind, { same, others: different }] of kinds) {
    check(kind, different.length === 0, [`${same} the same`, ...different].join("\n"));
  }
}

/** The present SDK with keys of then, and the SDK of then with the edge of now. */
async function checkSdks(product: Product, { keys }: Demo, earlier: Place): Promise<void> {
  const { server = "", client: open = "" } = keys.production ?? {};
  for (const [name, key, flag] of [
    ["server", server, "of-then"],
    ["client", open, "free-shipping"],
  ] as const) {
    const client = createClient({ key, url: product.edgeUrl });
    await client.ready();
    const { reason, variant } = client.for({ targetingKey: "u" }).evaluate(flag, false);
    check(`the ${name} key of then`, variant !== undefined, `${flag} is ${variant} (${reason})`);
    await client.close();
  }
  const then = await countEvents(product);
  await runCommand(earlier, "visitors", ["--people", "100"]);
  await settle(product);
  const now = await countEvents(product);
  check(
    "the SDK of then",
    !isDeepStrictEqual(now, then),
    `evaluations ${JSON.stringify([then, now].map((c) => c.evaluations))}`,
  );
}

async function checkChange(client: SignedInClient, project: string): Promise<void> {
  const at = { project, flag: "of-then", environment: "production" };
  const { revision } = await client.change<{ revision: number }>("flag.switch", {
    ...at,
    expectedRevision: 2,
    on: false,
  });
  check("a flag of then is changed", revision === 3);
}

if (!hasEarlierRelease()) {
  say(
    `Skipped: ${EARLIER} is not in this clone's history. Get all of it (git fetch --unshallow), then run this again.`,
  );
  process.exit(0);
}
const folder = mkdtempSync(path.join(tmpdir(), "telltale-upgrade-"));
const clean = async () => {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
};
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void clean().finally(() => process.exit(1)));
try {
  await main(folder);
} catch (error) {
  check("the upgrade", false, error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  await clean();
}
process.exit(failed > 0 ? 1 : 0);
