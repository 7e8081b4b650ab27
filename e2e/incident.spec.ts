import { expect, test } from "@playwright/test";
import { dashboard, expectAccessible, signIn, watchForErrors } from "./page.ts";
import { environment, run, started } from "./product.ts";

/** A faulty checkout goes out by a guarded release while visitors shop: their errors take it back, and the page says so. */
test("an incident: real HTTP 500s roll a release back, and its page tells it without a reload", async ({ page }) => {
  test.setTimeout(180_000);
  const { demo } = await started();
  const errors = watchForErrors(page);
  await signIn(page, demo.owner);
  const incident = run("incident", ["--json", "--rate", "60"], environment);
  await page.goto(`${dashboard}/demo/harbour/releases`);
  await page.getByRole("link", { name: /express-checkout/ }).click({ timeout: 60_000 });
  await page.evaluate(() => Object.assign(window, { notReloaded: true }));
  await expect(page.getByText("Rolled back", { exact: true })).toBeVisible({ timeout: 90_000 });
  await expect(page).toHaveTitle(/Rolled back: express-checkout/);
  await expect(page.getByText("Broken", { exact: true })).toBeVisible();
  await expect(page.getByText(/The guard "error" is broken/)).toBeVisible();
  await expect(page.getByText("10,000 contexts")).toBeVisible();
  expect(await page.evaluate(() => "notReloaded" in window)).toBe(true);
  await expectAccessible(page);
  expect(await incident.done, incident.output()).toBe(0);
  const figures = JSON.parse(incident.output().trim().split("\n").at(-1) ?? "");
  expect(figures).toMatchObject({ status: "rolled_back" });
  // One in ten got it, and half of these an error; all of it came back.
  expect(figures.failing).toBeGreaterThan(0);
  expect(figures.exposed).toBeLessThan(figures.visitors / 4);
  for (const seconds of [figures.toVerdict, figures.toLastInstance, figures.toProof]) expect(seconds).not.toBeNull();
  expect(errors).toEqual([]);
});
