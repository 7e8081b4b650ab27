import { invalid } from "../door/error.ts";

/** @throws ControlError INVALID unless the order names each of these once */
export function checkOrder(keys: readonly string[], order: readonly string[], what: "environment" | "project"): void {
  const named = new Set(order);
  if (order.length === keys.length && named.size === keys.length && keys.every((key) => named.has(key))) return;
  throw invalid([`Name each ${what} once: ${keys.join(", ")}.`]);
}
