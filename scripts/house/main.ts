import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { root } from "../launch/settings.ts";
import { inspect } from "./inspect.ts";
import { mayImport } from "./laws.ts";

/** Checks the laws of the house over all source files that git knows or would add. */
function main() {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  const paths = listed
    .split("\n")
    .filter((file) => /\.(ts|tsx|mjs)$/.test(file) && fs.existsSync(path.join(root, file)));
  const problems = inspect(paths.map((file) => ({ path: file, text: fs.readFileSync(path.join(root, file), "utf8") })));
  for (const group of ["packages", "apps"]) {
    for (const name of fs.readdirSync(path.join(root, group))) {
      if (!(name in mayImport)) problems.push(`${group}/${name} has no law: add it to scripts/house/laws.ts.`);
    }
  }
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  process.stdout.write(`${paths.length} files inspected, ${problems.length} laws broken\n`);
  process.exit(problems.length > 0 ? 1 : 0);
}

main();
