import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { type Demo, ports } from "./product.ts";

export const dashboard = `http://localhost:${ports.dashboard}`;
export const storefront = `http://localhost:${ports.storefront}`;

/** Signs in by the form. */
export async function signIn(page: Page, person: Demo["owner"]): Promise<void> {
  await page.goto(`${dashboard}/sign-in`);
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/demo\/harbour\/flags/);
}

/** Collects what must not happen on any page: console errors, uncaught errors, failed requests to our own servers. */
export function watchForErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") errors.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => errors.push(`uncaught: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 500) errors.push(`${response.status()} ${response.url()}`);
  });
  return errors;
}

/** No accessibility violation that axe knows, WCAG 2.2 AA and best practices included. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`)).toEqual([]);
}
