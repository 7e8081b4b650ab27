import { answerRow, integer, integers } from "./answer.ts";

type Row = Record<string, unknown>;

const KEYS = ["arm", "slot", "isWhole"] as const;

/** The rows of several slices' answers as those of one: all that is counted adds up, whole numbers to the last digit. */
export function addUp(rows: readonly Row[]): Row[] {
  const groups = new Map<string, Row>();
  for (const row of rows) {
    const key = KEYS.map((name) => String(row[name])).join(" ");
    const known = groups.get(key);
    groups.set(key, known === undefined ? row : add(known, answerRow.parse(row)));
  }
  return [...groups.values()];
}

function add(one: Row, other: Row): Row {
  return Object.fromEntries(Object.entries(one).map(([name, value]) => [name, sum(name, value, other[name])]));
}

function sum(name: string, one: unknown, other: unknown): unknown {
  if (KEYS.some((key) => key === name)) return one;
  if (Array.isArray(one)) {
    const more = integers.parse(other);
    return integers.parse(one).map((value, i) => String(value + (more[i] ?? 0n)));
  }
  const [a, b] = [integer.parse(one), integer.parse(other)];
  const [least, most] = a < b ? [a, b] : [b, a];
  if (name === "earliest") return String(least);
  if (name === "latest") return String(most);
  return String(a + b);
}
