import fs from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "@playwright/test";

const base = process.env.BASE ?? "http://localhost:4500";
const demo = JSON.parse(fs.readFileSync("/tmp/ttui/data/demo.json", "utf8"));
const which = process.argv[2] ? process.argv[2].split(",") : null;
const modes = (process.argv[3] ?? "light-wide").split(",");
const pages = {
  signin: "/sign-in",
  flags: "/harbour/flags",
  flag: "/harbour/flags/free-shipping",
  checkout: "/harbour/flags/checkout-button",
  hero: "/harbour/flags/hero-text?env=production",
  history: "/harbour/flags/free-shipping?view=history",
  experiments: "/harbour/experiments",
  cats: "/harbour/experiments/cookie-cats",
  running: "/harbour/experiments/checkout-button",
  segments: "/harbour/segments",
  staff: "/harbour/segments/staff",
  crew: "/harbour/segments/crew",
  audit: "/harbour/audit",
  keys: "/harbour/settings/keys",
  missing: "/harbour/flags/nope",
  nosuch: "/nope",
};
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
});
for (const mode of modes) {
  const [scheme, size] = mode.split("-");
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: size === "wide" ? { width: 1440, height: 900 } : { width: 390, height: 844 },
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.on("console", (m) => {
    if (["error", "warning"].includes(m.type())) console.log(`  [${m.type()}] ${page.url()} ${m.text().slice(0, 400)}`);
  });
  page.on("pageerror", (e) => console.log("  [pageerror]", page.url(), String(e).slice(0, 400)));
  let signedIn = false;
  for (const [name, path] of Object.entries(pages)) {
    if (which && !which.includes(name)) continue;
    if (name !== "signin" && !signedIn) {
      await page.goto(base + "/sign-in");
      await page.getByLabel("Email").fill(demo.owner.email);
      await page.getByLabel("Password").fill(demo.owner.password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL("**/flags");
      signedIn = true;
    }
    await page.goto(base + path, { waitUntil: "networkidle" }).catch((e) => console.log(name, e.message.slice(0, 100)));
    await page.waitForTimeout(500);
    const title = await page.title();
    const axe = await new AxeBuilder({ page }).analyze();
    console.log(mode, name, JSON.stringify(title), "axe", axe.violations.length);
    for (const v of axe.violations)
      console.log(
        "   ",
        v.id,
        v.nodes
          .slice(0, 4)
          .map((n) => n.html.slice(0, 200) + " :: " + (n.any[0]?.message ?? n.all[0]?.message ?? "").slice(0, 200))
          .join("\n      "),
      );
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 0) console.log("    horizontal overflow", over);
    await page.screenshot({ path: `/tmp/ttui/shots/${name}-${mode}.png`, fullPage: true });
  }
  await context.close();
}
await browser.close();
