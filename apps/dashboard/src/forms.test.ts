import fs from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

const apps = path.resolve(import.meta.dirname, "../..");

/** Each form that stands in the pages of an app, by its file. */
function forms(app: string): { file: string; tag: string }[] {
  const folder = path.join(apps, app, "src");
  const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tsx"));
  return files.flatMap((file) => {
    const text = fs.readFileSync(path.join(folder, file), "utf8");
    return [...text.matchAll(/<form\b[\s\S]*?\n?\s*(?:\/>|>\n)/g)].map(([tag]) => ({ file, tag }));
  });
}

it("every form says where it goes without scripts, so that nothing typed gets into an address", () => {
  const found = [...forms("dashboard"), ...forms("storefront")];
  expect(found.length).toBeGreaterThan(4);
  const silent = found.filter(({ tag }) => !/\{\.\.\.NEEDS_SCRIPTS\}|\bmethod="(post|get)"[\s\S]*\baction=/.test(tag));
  expect(silent.map(({ file }) => file)).toEqual([]);
  // What holds a password is sent in a body.
  const withPassword = found.filter(({ file }) => file.includes("sign-in"));
  expect(withPassword.map(({ tag }) => /\bmethod="post"/.test(tag))).toEqual([true]);
});
