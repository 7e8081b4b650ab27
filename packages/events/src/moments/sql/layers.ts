import type { SqlColumn } from "../kinds/metric-columns.ts";

/**
 * Columns over a subquery, in as many layers as they build on each other: within one, the store would put a copy of a
 * column's text instead of its name, and the copies of copies grow beyond what it can plan in time.
 */
export function layered(columns: readonly SqlColumn[], from: string): string {
  const depths = new Map<string, number>();
  for (const { name, sql } of columns) {
    const used = (sql.match(/\bm\d+_\w+/g) ?? []).map((one) => depths.get(one) ?? 0);
    depths.set(name, 1 + Math.max(0, ...used));
  }
  const deepest = Math.max(0, ...depths.values());
  let text = from;
  for (let depth = 1; depth <= deepest; depth += 1) {
    text = `SELECT *${columnListSql(columns.filter(({ name }) => depths.get(name) === depth))}\nFROM\n(\n${text}\n)`;
  }
  return text;
}

/** Columns after others, as a statement lists them. */
export const columnListSql = (columns: readonly SqlColumn[]) =>
  columns.map(({ name, sql }) => `,\n  ${sql} AS ${name}`).join("");
