import type { Ruleset } from "@telltale/evaluator";
import { createDatabase, startTestDatabases } from "@telltale/testing";
import { rulesetOf } from "@telltale/testing/ruleset";

/** For the bench: an empty control plane that goes with `dispose`. */
export async function openControlPlane() {
  const databases = await startTestDatabases();
  const database = await createDatabase(databases.postgresUrl);
  const dispose = async () => {
    await database[Symbol.asyncDispose]();
    await databases[Symbol.asyncDispose]();
  };
  return { databaseUrl: database.url, clickhouseUrl: databases.clickhouseUrl, dispose };
}

/** Between two and three kilobytes: ten flags with a rule each, one of which says which version it is. */
export function documentOf(version: number): Ruleset {
  const flags = Array.from({ length: 10 }, (_, i) => [
    `flag-${i}`,
    {
      variants: { a: i ? "plain" : `version ${version}`, b: "promise" },
      off: "a",
      rules: [{ id: "r1", when: [{ attribute: "country", op: "in" as const, values: ["DE", `X${i}`] }], serve: "b" }],
      serve: { seed: i * 77_777, ends: [2 ** 31, 2 ** 32], variants: ["a", "b"] },
    },
  ]);
  const more = { audience: "server" as const, environment: "harbour/production" };
  return rulesetOf(version, Object.fromEntries(flags), more);
}
