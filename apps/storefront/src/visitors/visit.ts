import type { Client } from "@telltale/sdk";
import { buyProbability, type Shopper } from "./people.ts";

type Shoppers = Pick<Client, "for">;

/** One person in the shop: every flag is evaluated as on the page, then they buy or not. */
export function visit(client: Shoppers, person: Shopper, truth: { base: number; lift: number }) {
  const shopper = client.for(person.context);
  shopper.value("summer-banner", false);
  shopper.value("free-shipping", false);
  shopper.value("hero-text", "Everything for life on the water");
  shopper.value("recommendations", 3);
  shopper.value("theme", { accent: "#0b5c7a", rounded: true });
  // Asking is the exposure; what follows counts for the experiment.
  const { variant } = shopper.evaluate("checkout-button", "Buy now");
  const bought = person.mood < buyProbability(variant, truth);
  if (bought) shopper.track("purchase", { value: person.basket });
  return { variant, bought };
}
