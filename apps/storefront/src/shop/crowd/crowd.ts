import type { Client } from "@telltale/sdk";

/** The same hundred shoppers on every page, so that a rollout can be watched: growing it only adds dots. */
const CROWD: readonly string[] = Array.from({ length: 100 }, (_, index) => `shopper-${index + 1}`);

/** For each of the hundred, whether free shipping is on: decided here, in memory, and counted for nobody. */
export function crowdWithFreeShipping(
  client: Pick<Client, "for">,
  from: "now" | "bootstrap",
): { shopper: string; on: boolean }[] {
  return CROWD.map((shopper) => ({
    shopper,
    on: client.for({ targetingKey: shopper }).peek("free-shipping", false, from).value,
  }));
}
