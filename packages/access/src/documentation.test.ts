import fs from "node:fs";
import { expect, it } from "vitest";
import { ACTION_NAMES, ACTIONS, type Action, BUILT_IN_ROLES } from "./index.ts";

it("is what docs/access.md says of actions and built-in roles", () => {
  const page = fs.readFileSync(new URL("../../../docs/access.md", import.meta.url), "utf8");
  const rows = page.split("\n").filter((line) => /^\| (action|`[a-z]+\.)/.test(line));
  const cells = rows.map((line) => line.split("|").slice(1, -1)).map((row) => row.map((cell) => cell.trim()));
  const line = (action: Action) => [
    `\`${action}\``,
    ACTIONS[action].phrase,
    ACTIONS[action].on,
    ...BUILT_IN_ROLES.map(({ actions }) => ((actions as readonly Action[]).includes(action) ? "yes" : "")),
  ];
  const head = ["action", "lets somebody", "asked on", ...BUILT_IN_ROLES.map(({ key }) => key)];
  expect(cells).toEqual([head, ...ACTION_NAMES.map(line)]);
});
