import { expect, type Locator, type Page, test } from "@playwright/test";
import { dashboard, signIn, watchForErrors } from "./page.ts";
import { started } from "./product.ts";

/** Opens something from the keyboard: the control has the focus, the key is pressed. */
async function press(control: Locator, key = "Enter") {
  await control.focus();
  await control.page().keyboard.press(key);
}

/** What everybody expects of an overlay: it opens on `first`, Escape closes it, and the focus is where it was. */
async function expectRoundTrip(opener: Locator, first: Locator, key = "Enter") {
  await press(opener, key);
  await expect(first).toBeFocused();
  await opener.page().keyboard.press("Escape");
  await expect(first).toBeHidden();
  await expect(opener).toBeFocused();
}

/** Where the focus would be lost: nothing on the page has it. */
async function expectFocusSomewhere(page: Page) {
  await expect.poll(() => page.evaluate(() => document.activeElement !== document.body)).toBe(true);
}

async function openFlags(page: Page) {
  const { demo } = await started();
  await signIn(page, demo.owner);
  return watchForErrors(page);
}

test("every dialog opens on its first field, every overlay gives the focus back", async ({ page }) => {
  const errors = await openFlags(page);
  const cancel = page.getByRole("button", { name: "Cancel" });

  await test.step("the switch's question", async () => {
    const control = page.getByRole("switch", { name: "summer-banner in production" });
    await expectRoundTrip(control, cancel, "Space");
    await press(control, "Space");
    await page.keyboard.press("Enter");
    await expect(control).toBeFocused();
  });
  await test.step("a new flag", () =>
    expectRoundTrip(page.getByRole("button", { name: "New flag" }), page.getByLabel("Name", { exact: true })));
  await test.step("the account's menu, and the list of keys opened from it", async () => {
    const account = page.getByRole("button", { name: /^Account/ }).filter({ visible: true });
    await expectRoundTrip(account, page.getByRole("menuitemcheckbox").first());
    await press(account);
    await page.getByRole("menuitem", { name: "Keyboard shortcuts" }).press("Enter");
    await expect(page.getByRole("checkbox", { name: "Single-letter shortcuts" })).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(account).toBeFocused();
    const link = page.getByRole("link", { name: "summer-banner" }).first();
    await expectRoundTrip(link, page.getByRole("checkbox", { name: "Single-letter shortcuts" }), "Shift+?");
  });
  await test.step("a new segment", async () => {
    await page.goto(`${dashboard}/demo/harbour/segments`);
    await expectRoundTrip(
      page.getByRole("button", { name: "New segment" }).first(),
      page.getByLabel("Name", { exact: true }),
    );
  });
  await test.step("a new key", async () => {
    await page.goto(`${dashboard}/demo/harbour/settings/keys`);
    await expectRoundTrip(page.getByRole("button", { name: "New key" }), page.getByLabel("Name", { exact: true }));
  });
  await test.step("stopping an experiment", async () => {
    await page.goto(`${dashboard}/demo/harbour/experiments/checkout-button`);
    await expectRoundTrip(page.getByRole("button", { name: "Stop the experiment" }), cancel);
  });
  await test.step("the review of a change, and the way back to a revision", async () => {
    await page.goto(`${dashboard}/demo/harbour/flags/summer-banner?env=staging`);
    const off = page.getByLabel("Variant while off");
    await off.selectOption((await off.inputValue()) === "on" ? "off" : "on");
    const review = page.getByRole("button", { name: "Review and publish" });
    await expectRoundTrip(review, page.getByLabel("Comment (optional)"));
    await press(review);
    await press(page.getByRole("button", { name: "Publish to staging" }).last());
    await expect(review).toBeHidden();
    await expectFocusSomewhere(page);
    await page.getByRole("tab", { name: "History" }).click();
    await expectRoundTrip(page.getByRole("button", { name: "Revert to r1", exact: true }), cancel);
  });
  expect(errors).toEqual([]);
});

test("what was changed is taken back from the keyboard: by the next Tab, or by Ctrl+Z", async ({ page }) => {
  const errors = await openFlags(page);
  const control = page.getByRole("switch", { name: "recommendations in development" });
  const undo = page.getByRole("button", { name: "Undo" });
  const before = await control.isChecked();

  await press(control, "Space");
  await expect(control).toBeChecked({ checked: !before });
  await expect(undo).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(undo).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(control).toBeFocused();
  await undo.press("Enter");
  await expect(control).toBeChecked({ checked: before });
  await expect(control).toBeFocused();

  await test.step("Tab goes on after the control, and is not held where it passes the message by itself", async () => {
    await press(control, "Space");
    await expect(undo).toBeVisible();
    await page.keyboard.press("Tab");
    await expect(undo).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(page.getByRole("switch", { name: "recommendations in staging" })).toBeFocused();
    await undo.focus();
    for (let presses = 0; presses < 3; presses++) {
      await page.keyboard.press("Tab");
      await expect(undo).not.toBeFocused();
    }
    await undo.press("Enter");
    await expect(control).toBeChecked({ checked: before });
  });

  await press(control, "Space");
  await expect(control).toBeChecked({ checked: !before });
  await expect(undo).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(control).toBeChecked({ checked: before });
  await expect(control).toBeFocused();

  await test.step("in a field the keys are the field's own", async () => {
    await press(control, "Space");
    await expect(undo).toBeVisible();
    await page.getByRole("searchbox").press("Control+z");
    await page.waitForLoadState("networkidle");
    await expect(control).toBeChecked({ checked: !before });
    await press(control, "Control+z");
    await expect(control).toBeChecked({ checked: before });
  });
  expect(errors).toEqual([]);
});
