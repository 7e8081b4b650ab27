import { expect, test } from "@playwright/test";
import { dashboard, expectAccessible, signIn, storefront, watchForErrors } from "./page.ts";
import { started } from "./product.ts";

/** From "Roll out…" to a variant that everybody gets, and back again, with a shop open beside it. */
test("a release goes on by itself, and is taken back with a proof", async ({ page, context }) => {
  test.setTimeout(180_000);
  const { demo } = await started();
  const shop = await context.newPage();
  const errors = [watchForErrors(page), watchForErrors(shop)];
  await shop.goto(`${storefront}/?visitor=u-42`);
  const crowd = async () => Number((await shop.getByTestId("crowd-count").textContent())?.split(" ")[0]);
  await expect(shop.getByTestId("crowd-count")).toContainText(/^\d+ of 100/);
  await signIn(page, demo.owner);
  let release = "";

  await test.step("it is planned and started from the flag's page", async () => {
    await page.goto(`${dashboard}/demo/harbour/flags/free-shipping?env=production`);
    await page.getByRole("button", { name: "Roll out…" }).click();
    const dialog = page.getByRole("dialog", { name: "Roll out free-shipping in Production" });
    await expect(dialog.getByLabel("Variant")).toHaveValue("on");
    await dialog.getByLabel("Steps", { exact: true }).first().selectOption("5 → 25 → 50 → 100 %");
    await dialog.getByRole("spinbutton", { name: "Step 1: share" }).fill("70");
    await dialog.getByLabel("Step 1: hold").fill("soon");
    await expect(dialog.getByLabel("Step 1: hold")).toHaveAttribute("aria-invalid", "true");
    await dialog.getByLabel("Step 1: hold").fill("2 s");
    await dialog.getByRole("button", { name: "Start in production" }).click();
    await expect(dialog.getByRole("alert")).toContainText("more units than the one before");
    await dialog.getByRole("button", { name: "Remove step 2" }).click();
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Start in production" }).click();
    await expect(page).toHaveURL(/\/releases\/\d+$/);
    release = page.url();
  });

  await test.step("it reaches everybody without a reload", async () => {
    await expect(page.getByText("Baking", { exact: true })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole("list", { name: "Log, newest first" }).getByRole("listitem")).toHaveCount(2);
    await expect.poll(crowd, { timeout: 5_000 }).toBe(100);
    await expectAccessible(page);
  });

  await test.step("it is paused from the flag's page by one press, and rolled back by one question", async () => {
    await page.getByRole("link", { name: "free-shipping" }).first().click();
    await page.getByRole("button", { name: "Pause" }).click();
    await expect(page.getByText("Paused", { exact: true })).toBeVisible();
    await page.getByRole("button", { name: "Roll back", exact: true }).click();
    await page.getByLabel("Why (in the log)").fill("Carts are empty.");
    await page.getByRole("button", { name: "Roll back in production" }).click();
    await expect.poll(crowd, { timeout: 5_000 }).toBeLessThan(70);
    await page.goto(release);
    await expect(page.getByText("Rolled back", { exact: true })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText("10,000 contexts")).toBeVisible();
    await expect(page.getByText("“Carts are empty.”")).toBeVisible();
    await page.goto(`${dashboard}/demo/harbour/releases?show=over`);
    await expect(page.getByRole("link", { name: /free-shipping/ })).toBeVisible();
  });
  expect(errors.flat()).toEqual([]);
});
