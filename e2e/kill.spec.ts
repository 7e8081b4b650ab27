import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { createClient } from "@clickhouse/client";
import { expect, test } from "@playwright/test";
import { environmentOf, root, run, started } from "./product.ts";

const folder = path.join(root, "test-results-data", "kill");
const env = environmentOf(folder, { dashboard: 4610, edge: 4611, storefront: 4612 });

/** Every process that works for the product in this folder: found by its environment or its arguments. */
function processesOf(marker: string): number[] {
  const found: number[] = [];
  for (const name of fs.readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    if (Number(name) === process.pid) continue;
    try {
      const text = fs.readFileSync(`/proc/${name}/environ`, "utf8") + fs.readFileSync(`/proc/${name}/cmdline`, "utf8");
      if (text.includes(marker)) found.push(Number(name));
    } catch {
      // It ended between the two looks.
    }
  }
  return found;
}

interface Report {
  events: { acknowledged: number; refused: number; dropped: number };
}

const acknowledged = (file: string) => (JSON.parse(fs.readFileSync(file, "utf8")) as Report).events.acknowledged;

test("kill -9 of every process during visitors loses no accepted event and counts none twice", async () => {
  test.skip(process.platform !== "linux", "reads /proc");
  test.setTimeout(400_000);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  const report = path.join(folder, "visitors.json");
  const args = ["--people", "30000", "--rate", "3000", "--run", "kill", "--seed", "3", "--json", report];

  const first = run("start", [], env);
  await started(folder);
  const visitors = run("visitors", args, env);
  await expect.poll(() => fs.existsSync(report) && acknowledged(report), { timeout: 60_000 }).toBeGreaterThan(3_000);
  const pids = processesOf(folder);
  expect(pids.length).toBeGreaterThan(8);
  execFileSync("kill", ["-9", ...pids.map(String)]);
  await Promise.all([first.done, visitors.done]);
  const before = acknowledged(report);

  const second = run("start", [], env);
  await expect.poll(() => second.output(), { timeout: 240_000 }).toContain("Telltale is running");
  const { running } = await started(folder);
  const store = createClient({ url: running.clickhouseUrl });
  const count = async () => {
    const query = `
      select uniqExact(id) as ids, count() as rows from (
        select id, unit from exposure_event final where experiment = 'checkout-button'
        union all select id, unit from track_event final where name = 'purchase'
        union all select id, '' from evaluation_event final)`;
    const [row] = await (await store.query({ query, format: "JSONEachRow" })).json<{ ids: string; rows: string }>();
    return { ids: Number(row?.ids), rows: Number(row?.rows) };
  };
  try {
    // What the store had not yet taken when it died is brought in by the edge.
    await expect.poll(async () => (await count()).ids, { timeout: 30_000 }).toBeGreaterThanOrEqual(before);
    const kept = await count();
    // Stored and not acknowledged is possible (the answer was killed); acknowledged and not stored is not.
    expect(kept.ids).toBeGreaterThanOrEqual(before);
    expect(kept.rows).toBe(kept.ids);

    // The same people again: their events have new ids, the people are the same and are counted once.
    const again = run("visitors", args, env);
    expect(await again.done, again.output()).toBe(0);
    const after = await count();
    expect(after.ids).toBe(kept.ids + acknowledged(report));
    expect(after.rows).toBe(after.ids);
    const answer = await store.query({
      query: "select uniqExact(unit) as people from exposure_event where experiment = 'checkout-button'",
      format: "JSONEachRow",
    });
    const [row] = await answer.json<{ people: string | number }>();
    expect(Number(row?.people)).toBe(30_000);
  } finally {
    await store.close();
    second.child.kill("SIGTERM");
    await second.done;
  }
});
