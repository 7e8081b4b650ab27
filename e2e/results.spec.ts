import fs from "node:fs";
import { expect, test } from "@playwright/test";
import { dashboard, expectAccessible, signIn, watchForErrors } from "./page.ts";
import { environment, run, started } from "./product.ts";

test("the demo's results: by country, in absolute numbers, as a file, and no word to act on before the checks", async ({
  page,
}) => {
  const { demo } = await started();
  const visitors = run("visitors", ["--people", "1500", "--lift", "60", "--base", "30", "--seed", "3"], environment);
  expect(await visitors.done, visitors.output()).toBe(0);
  await signIn(page, demo.owner);
  const errors = watchForErrors(page);
  await page.goto(`${dashboard}/demo/harbour/experiments/checkout-button?by=country`);
  await expect(page.getByTestId("people-plain")).not.toHaveText("0", { timeout: 30_000 });

  await test.step("the first minute says nothing to act on", async () => {
    const verdict = page.getByRole("region", { name: "Verdict" });
    await expect(page.getByRole("region", { name: "Health" })).toContainText("Not enough data yet");
    await expect(verdict).not.toContainText("Ship");
    await expect(verdict.getByText("Why?")).toBeVisible();
  });
  await test.step("CUPED is no switch where nothing was before", async () => {
    await expect(page.getByRole("radiogroup", { name: /CUPED/ })).toHaveCount(0);
    await expect(page.getByText("Nothing before exposure")).toBeVisible();
  });
  await test.step("by country", async () => {
    const table = page.getByRole("table", { name: "Results by country" });
    const ask = page.getByRole("button", { name: "Break down by country" });
    await expect(table.or(ask)).toBeVisible();
    if (await ask.isVisible()) await ask.click();
    for (const country of ["DE", "US", "PT"]) {
      await expect(table.getByRole("rowheader", { name: new RegExp(`^${country}`) })).toBeVisible({ timeout: 30_000 });
    }
  });
  await test.step("absolute numbers, in the chart and in its file", async () => {
    await page.getByRole("radio", { name: "Absolute" }).click();
    const chart = page.getByRole("figure", { name: /^Difference over time/ });
    await expect(chart).toContainText(/promise: [+−]\d+\.\d+\spt/, { timeout: 60_000 });
    const waiting = page.waitForEvent("download");
    await chart.getByRole("button", { name: "CSV" }).click();
    const lines = fs.readFileSync(await (await waiting).path(), "utf8").split("\r\n");
    expect(lines[0]).toBe("Time,Variant,Units,Value,Difference,Low,High");
    for (const line of lines.slice(1)) {
      const [time = "", , ...numbers] = line.split(",");
      expect(Date.parse(time)).not.toBeNaN();
      expect(numbers.every((cell) => cell === "" || !Number.isNaN(Number(cell)))).toBe(true);
    }
    await expectAccessible(page);
  });
  expect(errors).toEqual([]);
});

test("what was pasted into a segment is there after a look elsewhere, and a refused id is told by value", async ({
  page,
  context,
}) => {
  const { demo } = await started();
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signIn(page, demo.owner);
  const errors = watchForErrors(page);
  const key = `crew-${Date.now()}`;
  await page.goto(`${dashboard}/demo/harbour/segments`);
  await page.getByRole("button", { name: "New segment" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill(key);
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("heading", { name: key })).toBeVisible();
  const ids = [...Array.from({ length: 200 }, (_, at) => `pasted-${at}`), "x".repeat(300), "pasted-last"];
  const field = page.getByLabel("Always in");
  await page.evaluate((text) => navigator.clipboard.writeText(text), ids.join("\n"));
  await field.focus();
  await page.keyboard.press("Control+V");
  await expect(page.getByText(/40 of 202 are shown/)).toBeVisible();

  await page.getByRole("link", { name: "Flags" }).first().click();
  await expect(page.getByText(/not saved yet/)).toBeVisible();
  await page.getByRole("link", { name: "Segments" }).first().click();
  await expect(page.getByRole("row", { name: new RegExp(key) })).toContainText("not saved");
  await page.getByRole("link", { name: key }).click();
  await page.getByRole("button", { name: "Save" }).click();

  const bad = page.getByRole("region", { name: "Ids that cannot be saved" });
  await expect(bad.getByRole("listitem")).toHaveCount(1);
  await expect(bad).toContainText("(300 characters)");
  await expect(page.getByText("definition.included")).toHaveCount(0);
  await expectAccessible(page);
  await bad.getByRole("button", { name: "Remove it" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(`Saved ${key}.`)).toBeVisible();
  await expect(page.getByText("Unsaved changes")).toHaveCount(0);
  // The browser tells of a refused save as it tells of any answer of 400.
  expect(errors.filter((error) => !error.includes("400"))).toEqual([]);
});
