import type { Migration } from "../migration.ts";

const MOVES = [
  ["exposures", "exposure", "experiment, by, unit, variant, flag, version, attributes"],
  ["tracks", "track", "name, by, unit, value, properties"],
  ["evaluations", "evaluation", "flag, variant, rule, reason, version, count"],
] as const;

/**
 * What the plural tables hold goes to the singular ones; what an edge of the release before still writes is forwarded
 * first and copied then, so that nothing falls between. A row that comes both ways is one row, by its id. The plural
 * tables are dropped by the release after this one.
 */
export const moveStep: Migration = {
  version: 8,
  name: "move",
  statements: MOVES.flatMap(([from, to, columns]) => {
    const common = `project, environment, id, ${columns}, received`;
    const select = `SELECT ${common}, least(at, received) AS at, ${from}.at AS clock FROM ${from}`;
    return [
      `CREATE MATERIALIZED VIEW IF NOT EXISTS ${from}_forward TO ${to} AS ${select}`,
      `INSERT INTO ${to} (${common}, at, clock) ${select}`,
    ];
  }),
};
