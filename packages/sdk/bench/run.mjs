import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";

/** `node packages/sdk/bench/run.mjs [--json file] [--rounds n]`: local evaluation beside the peers, in one run. */
const here = fileURLToPath(new URL(".", import.meta.url));
const option = (name) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const ROUNDS = Number(option("--rounds") ?? 9);
const SUBJECTS = ["telltale", "closures", "growthbook", "flagd", "launchdarkly", "unleash", "statsig", "configcat"];
const PEERS = SUBJECTS.slice(2);
const SCENARIOS = ["A", "B", "B kept", "C", "C kept", "D"];

if (!existsSync(`${here}node_modules`)) {
  const args = ["install", "--prefix", here, "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"];
  execFileSync("npm", args, { stdio: "inherit", cwd: here });
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const nodeOptions = { execArgv: ["--expose-gc", "--max-semi-space-size=256"] };

async function open(name, mode = "") {
  const child = fork(`${here}child.mjs`, [name, mode], nodeOptions);
  const [message] = await Promise.race([once(child, "message"), once(child, "exit").then(() => [undefined])]);
  if (!message?.ready) return undefined;
  const ask = async (question) => {
    child.send(question);
    return (await once(child, "message"))[0];
  };
  return { name, scenarios: message.scenarios, ask, stop: () => child.kill() };
}

async function ready(name) {
  const child = fork(`${here}child.mjs`, [name, "ready"], nodeOptions);
  const [message] = await Promise.race([once(child, "message"), once(child, "exit").then(() => [undefined])]);
  child.kill();
  return message;
}

/** Round by round, each subject after the other: what else the machine does hits all alike. */
async function measure(children) {
  const ns = new Map();
  for (let round = 0; round < ROUNDS; round++) {
    for (const child of children) {
      for (const scenario of child.scenarios) {
        const { ns: value } = await child.ask({ scenario });
        const key = `${child.name}/${scenario}`;
        // The first round warms up.
        if (round > 0) ns.set(key, [...(ns.get(key) ?? []), value]);
      }
    }
  }
  return ns;
}

const versions = Object.fromEntries(
  Object.keys(JSON.parse(readFileSync(`${here}package.json`, "utf8")).dependencies).map((name) => [
    name,
    JSON.parse(readFileSync(`${here}node_modules/${name}/package.json`, "utf8")).version,
  ]),
);
const children = (await Promise.all(SUBJECTS.map((name) => open(name)))).filter(Boolean);
const missing = SUBJECTS.filter((name) => !children.some((child) => child.name === name));
const hash = await open("hash");
const loadBefore = loadavg()[0].toFixed(1);
const ns = await measure([...children, hash]);
const bytes = new Map();
for (const child of children) {
  for (const scenario of child.scenarios) {
    const values = [];
    for (let i = 0; i < 3; i++) values.push((await child.ask({ scenario, what: "bytes" })).bytes);
    bytes.set(`${child.name}/${scenario}`, median(values));
  }
}
for (const child of [...children, hash]) child.stop();

const tracked = (
  await Promise.all(["telltale", "growthbook", "launchdarkly"].map((name) => open(name, "tracked")))
).filter(Boolean);
for (const child of tracked) child.scenarios = ["A", "C"];
const trackedNs = await measure(tracked);
for (const child of tracked) child.stop();

const readies = new Map();
for (let i = 0; i < 5; i++) {
  for (const { name } of children) {
    const one = await ready(name);
    if (one) readies.set(name, [...(readies.get(name) ?? []), one]);
  }
}

const of = (map, name, scenario) =>
  map.has(`${name}/${scenario}`) ? median(map.get(`${name}/${scenario}`)) : undefined;
const show = (value, digits = 0) => (value === undefined ? "–" : value.toFixed(digits));
const lines = [];
lines.push(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} × ${cpus()[0].model.trim()}, load ${loadBefore} to ${loadavg()[0].toFixed(1)}, ${ROUNDS - 1} rounds, medians, nanoseconds a read.`,
  "",
);
const row = (cells) => lines.push(`| ${cells.join(" | ")} |`);
row(["", ...SCENARIOS]);
row(["---", ...SCENARIOS.map(() => "---:")]);
for (const { name } of children) row([name, ...SCENARIOS.map((scenario) => show(of(ns, name, scenario)))]);
lines.push("", "Bytes allocated a read:", "");
row(["", ...SCENARIOS]);
row(["---", ...SCENARIOS.map(() => "---:")]);
for (const { name } of children) row([name, ...SCENARIOS.map((scenario) => show(bytes.get(`${name}/${scenario}`)))]);
lines.push("", "E, a thousand flags in a fresh process; and reads with tracking on:", "");
row(["", "JSON to first answer, ms", "heap, kB", "document, kB", "A, tracked", "C, tracked"]);
row(["---", "---:", "---:", "---:", "---:", "---:"]);
for (const { name } of children) {
  const all = readies.get(name) ?? [];
  const field = (key, scale) => (all.length ? median(all.map((one) => one[key])) / scale : undefined);
  row([
    name,
    show(field("ms", 1), 1),
    show(field("heap", 1_000)),
    show(field("bytes", 1_000)),
    show(of(trackedNs, name, "A")),
    show(of(trackedNs, name, "C")),
  ]);
}
lines.push(
  "",
  `The hash alone: ${hash.scenarios.map((scenario) => `${scenario} ${show(of(ns, "hash", scenario), 1)} ns`).join("; ")}.`,
);
const fastest = (scenario) => Math.min(...PEERS.map((name) => of(ns, name, scenario) ?? Number.POSITIVE_INFINITY));
const ratios = ["A", "B", "C", "D"].map((scenario) => {
  const own = of(ns, "telltale", scenario);
  return `${scenario}: ${(fastest(scenario) / own).toFixed(1)} × the fastest peer, ${(of(ns, "closures", scenario) / own).toFixed(2)} × closures`;
});
lines.push("", `Ratios (above 1 is faster): ${ratios.join("; ")}.`);
if (missing.length) lines.push("", `Not measured, as they failed the check of their answers: ${missing.join(", ")}.`);
lines.push(
  "",
  `Versions: ${Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ")}.`,
);
process.stdout.write(`${lines.join("\n")}\n`);
const file = option("--json");
if (file)
  writeFileSync(
    file,
    JSON.stringify(
      { ns: [...ns], bytes: [...bytes], tracked: [...trackedNs], readies: [...readies], versions },
      null,
      1,
    ),
  );
