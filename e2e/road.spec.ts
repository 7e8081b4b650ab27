import { expect, test } from "@playwright/test";
import { dashboard, signIn, storefront, watchForErrors } from "./page.ts";
import { environment, run, started } from "./product.ts";

/** The whole product in one walk, through public surfaces only: from a toggle to a chart. */
test("the road: toggle, evaluate, expose, store, analyse, read", async ({ page, context }) => {
  test.setTimeout(240_000);
  const { demo } = await started();
  const shop = await context.newPage();
  const errors = [watchForErrors(page), watchForErrors(shop)];

  await test.step("1 the storefront is open and shows what production serves", async () => {
    await shop.goto(`${storefront}/?visitor=u-42`);
    await expect(shop.getByTestId("summer-banner")).toBeVisible();
    await expect(shop.getByTestId("crowd-count")).toContainText(/^\d+ of 100/);
  });

  const crowd = async () => Number((await shop.getByTestId("crowd-count").textContent())?.split(" ")[0]);
  const before = await crowd();

  await test.step("2 sign in, see the flags per environment", async () => {
    await signIn(page, demo.owner);
    for (const environment of ["development", "staging", "production"]) {
      await expect(page.getByRole("switch", { name: `summer-banner in ${environment}` })).toBeChecked();
    }
  });

  await test.step("2 switch one off in production: the open shop changes within a second, without a reload", async () => {
    await shop.evaluate(() => Object.assign(window, { notReloaded: true }));
    await page.getByRole("switch", { name: "summer-banner in production" }).click();
    await page.getByRole("button", { name: "Turn off in production" }).click();
    await expect(page.getByRole("switch", { name: "summer-banner in production" })).not.toBeChecked();
    await expect(shop.getByTestId("summer-banner")).toBeHidden({ timeout: 1_000 });
  });

  await test.step("2 change a rollout from 10 % to 50 %: more of the crowd is in, and everyone who was in stays in", async () => {
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(30);
    await page
      .getByRole("link", { name: /free-shipping/ })
      .first()
      .click();
    await page.getByRole("tab", { name: /production/i }).click();
    const share = page.getByRole("spinbutton", { name: "Share of on" });
    await expect(share).toHaveValue("10");
    await share.fill("50");
    await share.press("Tab");
    await page.getByRole("button", { name: "Review and publish" }).click();
    await page.getByRole("button", { name: "Publish to production" }).click();
    await expect.poll(crowd, { timeout: 5_000 }).toBeGreaterThan(35);
    expect(await crowd()).toBeLessThan(65);
    expect(await shop.evaluate(() => "notReloaded" in window)).toBe(true);
  });

  await test.step("3 visitors come, and the experiment's page fills while they do", async () => {
    await page.goto(`${dashboard}/demo/harbour/experiments/checkout-button`);
    const visitors = run("visitors", ["--people", "8000", "--lift", "30", "--base", "20", "--seed", "7"], environment);
    await expect(page.getByTestId("people-plain")).not.toHaveText("0", { timeout: 30_000 });
    expect(await visitors.done, visitors.output()).toBe(0);
    expect(visitors.output()).toContain("8,000");
    const people = async () => {
      const counts = await Promise.all(
        ["plain", "promise"].map((arm) => page.getByTestId(`people-${arm}`).textContent()),
      );
      return counts.reduce((sum, text) => sum + Number((text ?? "").replaceAll(/\D/g, "")), 0);
    };
    await expect.poll(people, { timeout: 30_000 }).toBeGreaterThanOrEqual(8_000);
    const row = page.getByRole("row", { name: /Purchase/ });
    await expect(row).toContainText("Better");
    await expect(row).toContainText(/[+−-]\d+\.\d+\s?%/);
    await expect(page.getByText(/split/i).first()).toBeVisible();
    await expect(
      page
        .getByRole("img", { name: /lift/i })
        .or(page.getByRole("figure", { name: /lift/i }))
        .first(),
    ).toBeVisible();
  });

  await test.step("4 the published Cookie Cats test shows the published findings", async () => {
    await page.goto(`${dashboard}/demo/harbour/experiments`);
    await page.getByRole("link", { name: /Cookie Cats/ }).click();
    const sevenDays = page.getByRole("row", { name: /Back after 7 days/ });
    await expect(sevenDays).toContainText("19.02");
    await expect(sevenDays).toContainText("18.20");
    await expect(sevenDays).toContainText("0.0016");
    const oneDay = page.getByRole("row", { name: /Back after 1 day/ });
    await expect(oneDay).toContainText("44.82");
    await expect(oneDay).toContainText("44.23");
    await expect(oneDay).toContainText("0.074");
  });

  expect(errors.flat()).toEqual([]);
});
