import type { EventCondition } from "@telltale/configuration";
import type { Bindings } from "./bindings.ts";

const NUMERIC = "('Int64', 'UInt64', 'Double')";
const COMPARE = { lt: "<", lte: "<=", gt: ">", gte: ">=" } as const;
const SEARCH = {
  contains: (text: string) => `position(${text}, v) > 0`,
  startsWith: (text: string) => `startsWith(${text}, v)`,
  endsWith: (text: string) => `endsWith(${text}, v)`,
} as const;

/** Whether a track row's property is there; JSON's null is not. */
export function hasProperty(property: string, bindings: Bindings): string {
  return `JSONType(properties, ${bindings.bind("String", property)}) != 'Null'`;
}

/** Whether a track row's property is a number. */
export function hasNumber(property: string, bindings: Bindings): string {
  return `JSONType(properties, ${bindings.bind("String", property)}) IN ${NUMERIC}`;
}

/** A condition on a track row, as SQL. What is there with another type is none of the values, holds none, and compares with none. */
export function conditionSql(condition: EventCondition, bindings: Bindings): string {
  const { property, op } = condition;
  const has = hasProperty(property, bindings);
  switch (op) {
    case "exists":
      return has;
    case "notExists":
      return `NOT ${has}`;
    case "in":
      return isAmong(property, condition.values, bindings);
    case "notIn":
      return `(${has} AND NOT ${isAmong(property, condition.values, bindings)})`;
    case "notContains":
      return `(${has} AND NOT ${searches(property, "contains", condition.values, bindings)})`;
    case "contains":
    case "startsWith":
    case "endsWith":
      return searches(property, op, condition.values, bindings);
    case "lt":
    case "lte":
    case "gt":
    case "gte": {
      const number = `JSONExtractFloat(properties, ${bindings.bind("String", property)})`;
      const values = bindings.bind("Array(Float64)", condition.values);
      return `(${hasNumber(property, bindings)} AND arrayExists(v -> ${number} ${COMPARE[op]} v, ${values}))`;
    }
    default:
      return unknown(op);
  }
}

/** Texts are found among texts, numbers among numbers, true and false among themselves. */
function isAmong(property: string, values: readonly (string | number | boolean)[], bindings: Bindings): string {
  const name = bindings.bind("String", property);
  const texts = values.filter((value) => typeof value === "string");
  const numbers = values.filter((value) => typeof value === "number");
  const flags = values.filter((value) => typeof value === "boolean").map(Number);
  const text = `JSONExtractString(properties, ${name}) IN ${bindings.bind("Array(String)", texts)}`;
  const number = `JSONExtractFloat(properties, ${name}) IN ${bindings.bind("Array(Float64)", numbers)}`;
  const flag = `JSONExtractBool(properties, ${name}) IN ${bindings.bind("Array(UInt8)", flags)}`;
  const parts = [
    ...(texts.length > 0 ? [`(JSONType(properties, ${name}) = 'String' AND ${text})`] : []),
    ...(numbers.length > 0 ? [`(${hasNumber(property, bindings)} AND ${number})`] : []),
    ...(flags.length > 0 ? [`(JSONType(properties, ${name}) = 'Bool' AND ${flag})`] : []),
  ];
  return parts.length === 0 ? "0" : `(${parts.join(" OR ")})`;
}

function searches(property: string, op: keyof typeof SEARCH, values: readonly string[], bindings: Bindings): string {
  const name = bindings.bind("String", property);
  const test = SEARCH[op](`JSONExtractString(properties, ${name})`);
  return `(JSONType(properties, ${name}) = 'String' AND arrayExists(v -> ${test}, ${bindings.bind("Array(String)", values)}))`;
}

function unknown(op: never): never {
  throw new Error(`No condition is called ${String(op)}.`);
}
