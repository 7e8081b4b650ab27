import { describe, expect, it } from "vitest";
import { inspect, roomOf } from "./inspect.ts";

const file = (path: string, text = "") => ({ path, text });

describe("inspect", () => {
  it("knows the room of a file", () => {
    expect(roomOf("packages/sdk/src/client.ts")).toBe("sdk");
    expect(roomOf("prisma/seed/demo.ts")).toBe("prisma");
    expect(roomOf("vitest.config.ts")).toBeUndefined();
  });

  it("accepts what the table allows and refuses what it does not", () => {
    const text = 'import { evaluate } from "@telltale/evaluator";';
    expect(inspect([file("packages/sdk/src/a.ts", text)])).toEqual([]);
    expect(inspect([file("packages/stats/src/a.ts", text)])).toHaveLength(1);
  });

  it("sees dynamic and side-effect imports", () => {
    expect(inspect([file("packages/ui/src/a.ts", 'await import("@telltale/db");')])).toHaveLength(1);
    expect(inspect([file("packages/ui/src/a.ts", 'import "@telltale/db";')])).toHaveLength(1);
  });

  it("allows an edge the reader of rulesets and not their compiler", () => {
    expect(inspect([file("apps/edge/src/a.ts", 'import { a } from "@telltale/ruleset/read";')])).toEqual([]);
    expect(inspect([file("apps/edge/src/a.ts", 'import { a } from "@telltale/ruleset";')])).toHaveLength(1);
  });

  it("keeps the ORM out of the ruleset reader", () => {
    const text = 'import { openDatabase } from "@telltale/db";';
    expect(inspect([file("packages/ruleset/src/publish.ts", text)])).toEqual([]);
    expect(inspect([file("packages/ruleset/src/read/reader.ts", text)])).toHaveLength(1);
  });

  it("lets no app import an app, tests included", () => {
    const text = `import { a } from "${"@telltale"}/edge";`;
    expect(inspect([file("apps/worker/src/a.ts", text)])).toHaveLength(1);
    expect(inspect([file("apps/worker/src/a.test.ts", text)])).toHaveLength(1);
  });

  it("holds the budgets", () => {
    expect(inspect([file("packages/sdk/src/a.ts", "\n".repeat(301))])).toHaveLength(1);
    expect(inspect(Array.from({ length: 13 }, (_, i) => file(`packages/sdk/src/a${i}.ts`)))).toHaveLength(1);
    expect(inspect([file("packages/sdk/src/utils/a.ts")])).toHaveLength(1);
    expect(inspect([file("packages/sdk/src/a/b/c/d/e/f.ts")])).toHaveLength(1);
  });
});
