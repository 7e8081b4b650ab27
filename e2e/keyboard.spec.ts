import { expect, type Locator, type Page, test } from "@playwright/test";
import { dashboard, storefront } from "./page.ts";
import { started } from "./product.ts";

/** Presses Tab until this is in focus. */
async function tabTo(page: Page, target: Locator) {
  for (let presses = 0; presses < 80; presses++) {
    if (await target.evaluate((element) => element === document.activeElement).catch(() => false)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("it cannot be reached with Tab");
}

test("sign in, switch a flag off in production and move a rollout by keyboard alone", async ({ page, context }) => {
  const { demo } = await started();
  const shop = await context.newPage();
  await shop.goto(`${storefront}/?visitor=u-7`);
  await page.bringToFront();

  await page.goto(`${dashboard}/sign-in`);
  await tabTo(page, page.getByLabel("Email"));
  await page.keyboard.type(demo.owner.email);
  await page.keyboard.press("Tab");
  await tabTo(page, page.getByLabel("Password"));
  await page.keyboard.type(demo.owner.password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/demo\/harbour\/flags/);

  const hero = page.getByRole("switch", { name: "hero-text in production" });
  await expect(hero).toBeChecked();
  await tabTo(page, hero);
  await page.keyboard.press("Space");
  const confirm = page.getByRole("button", { name: "Turn off in production" });
  await expect(confirm).toBeVisible();
  await tabTo(page, confirm);
  await page.keyboard.press("Enter");
  await expect(hero).not.toBeChecked();

  await page.keyboard.press("Escape");
  await tabTo(page, page.getByRole("link", { name: /free-shipping/ }).first());
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/free-shipping/);
  await page.goto(`${dashboard}/demo/harbour/flags/free-shipping?env=staging`);
  const share = page.getByRole("spinbutton", { name: "Share of on" });
  await expect(share).toHaveValue("50");
  await tabTo(page, share);
  await page.keyboard.press("Control+A");
  await page.keyboard.type("75");
  await page.keyboard.press("Tab");
  const review = page.getByRole("button", { name: "Review and publish" });
  await tabTo(page, review);
  await page.keyboard.press("Enter");
  const publish = page.getByRole("button", { name: "Publish to staging" });
  await expect(publish).toBeVisible();
  await tabTo(page, publish);
  await page.keyboard.press("Enter");
  await expect(page.getByText(/on 50 %, off 50 % → on 75 %, off 25 %/).first()).toBeVisible();
});
