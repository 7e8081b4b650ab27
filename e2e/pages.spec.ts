import { expect, type Page, test } from "@playwright/test";
import { dashboard, expectAccessible, signIn, storefront, watchForErrors } from "./page.ts";
import { started } from "./product.ts";

const pages = [
  ["flags", "/demo/harbour/flags"],
  ["a flag", "/demo/harbour/flags/free-shipping?env=production"],
  ["a flag with rules", "/demo/harbour/flags/hero-text?env=development"],
  ["experiments", "/demo/harbour/experiments"],
  ["a running experiment", "/demo/harbour/experiments/checkout-button"],
  ["a finished experiment", "/demo/harbour/experiments/cookie-cats"],
  ["metrics", "/demo/harbour/metrics"],
  ["a metric with its history", "/demo/harbour/metrics/purchase"],
  ["segments", "/demo/harbour/segments"],
  ["releases", "/demo/harbour/releases"],
  ["changes", "/demo/harbour/changes"],
  ["audit", "/demo/harbour/audit"],
  ["members", "/demo/harbour/settings/members"],
  ["SDK keys", "/demo/harbour/settings/keys"],
] as const;

/** The page shows what it is for: its heading, and no skeleton any more. */
async function settled(page: Page) {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test("the sign-in page is accessible and quiet, and says what is wrong with a password", async ({ page }) => {
      await started();
      const errors = watchForErrors(page);
      await page.goto(`${dashboard}/sign-in`);
      await expectAccessible(page);
      expect(errors).toEqual([]);
      await page.getByLabel("Email").fill("owner@example.com");
      await page.getByLabel("Password").fill("not the password");
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(page.getByRole("alert").filter({ hasText: /password/i })).toBeVisible();
      await expectAccessible(page);
    });

    test("every page is accessible and quiet, wide and narrow", async ({ page }) => {
      test.setTimeout(240_000);
      const { demo } = await started();
      await signIn(page, demo.owner);
      const errors = watchForErrors(page);
      for (const [name, path] of pages) {
        await test.step(name, async () => {
          await page.setViewportSize({ width: 1_280, height: 900 });
          await page.goto(`${dashboard}${path}`);
          await settled(page);
          await expect(page).toHaveTitle(/Telltale/);
          await expectAccessible(page);
          await page.setViewportSize({ width: 390, height: 800 });
          await expectAccessible(page);
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect(overflow, `${name} scrolls sideways by ${overflow} px when narrow`).toBeLessThanOrEqual(0);
        });
      }
      expect(errors).toEqual([]);
    });

    test("the storefront is accessible and quiet", async ({ page }) => {
      await started();
      const errors = watchForErrors(page);
      await page.goto(`${storefront}/?visitor=u-42`);
      await expect(page.getByTestId("crowd-count")).toBeVisible();
      await expect(page.getByTestId("ruleset-version")).toContainText(/version \d+/);
      await expectAccessible(page);
      expect(errors).toEqual([]);
    });
  });
}

test("the storefront comes with its flags decided: without JavaScript, and a browser keeps its visitor", async ({
  browser,
}) => {
  await started();
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${storefront}/?visitor=u-42`);
  await expect(page.getByTestId("visitor-id")).toHaveText("u-42");
  await expect(page.getByTestId("ruleset-version")).toContainText(/version \d+/);
  await expect(page.getByTestId("crowd-count")).toContainText(/^[1-9]\d* of 100/);
  await page.goto(storefront);
  const visitor = await page.getByTestId("visitor-id").textContent();
  expect(visitor).toMatch(/^u-[0-9a-f]{8}$/);
  await page.reload();
  await expect(page.getByTestId("visitor-id")).toHaveText(visitor ?? "");
  expect((await page.goto(`${storefront}/nothing`))?.status()).toBe(404);
  await context.close();
});

test("a viewer sees everything and can change nothing; the door says no as well", async ({ page }) => {
  const { demo } = await started();
  await signIn(page, demo.viewer);
  await expect(page.getByRole("switch", { name: "summer-banner in production" })).toBeDisabled();
  const body = {
    json: { project: "demo/harbour", flag: "summer-banner", environment: "production", on: false, expectedRevision: 2 },
  };
  const answer = await page.request.post(`${dashboard}/api/trpc/flag.switch`, { data: body });
  expect(answer.status()).toBe(403);
  expect(await answer.text()).toContain("Olivia Owner can do this.");
});

test("nobody signed in is sent to sign in, and the API answers 401", async ({ page }) => {
  await started();
  await page.goto(`${dashboard}/demo/harbour/flags`);
  await expect(page).toHaveURL(/\/sign-in/);
  const answer = await page.request.get(
    `${dashboard}/api/trpc/flag.list?input=${encodeURIComponent('{"json":{"project":"demo/harbour"}}')}`,
  );
  expect(answer.status()).toBe(401);
});
