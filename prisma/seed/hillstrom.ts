import type { TelltaleEvent } from "@telltale/sdk/wire";
import type { Story } from "./story.ts";

/**
 * Kevin Hillstrom's e-mail test (MineThatData E-Mail Analytics and Data Mining Challenge, 2008): 64,000 customers got no
 * e-mail, one with men's or one with women's merchandise, and were followed for two weeks. Counts as published.
 */
export const hillstromArms = [
  { variant: "no-email", customers: 21_306, visits: 2_262, conversions: 122 },
  { variant: "mens", customers: 21_307, visits: 3_894, conversions: 267 },
  { variant: "womens", customers: 21_387, visits: 3_238, conversions: 189 },
] as const;

const experiment = "hillstrom-email";
const flag = "catalogue-email";

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const FOLLOWED_DAYS = 14;
/** Spreads customers over the two weeks; it shares no factor with their minutes. */
const STRIDE = 7_919;

/** Who of the visitors bought is not told by the counts: here the first ones, five minutes after their visit. */
function* events(start: Date): Generator<TelltaleEvent> {
  for (const arm of hillstromArms) {
    for (let customer = 0; customer < arm.customers; customer++) {
      const unit = `${arm.variant}-customer-${customer}`;
      const sent = start.getTime() + (customer % 1_440) * MINUTE_MS;
      const visited = sent + (1 + ((customer * STRIDE) % (FOLLOWED_DAYS * 1_440 - 10))) * MINUTE_MS;
      const event = (kind: string, at: number) => ({ id: `hs-${unit}-${kind}`, time: new Date(at).toISOString() });
      const by = "targetingKey";
      yield {
        ...event("exposure", sent),
        type: "exposure",
        experiment,
        flag,
        variant: arm.variant,
        unit,
        by,
        version: 1,
      };
      const units = { targetingKey: unit };
      if (customer < arm.visits) yield { ...event("visit", visited), type: "track", name: "visit", units };
      if (customer < arm.conversions) {
        yield { ...event("order", visited + 5 * MINUTE_MS), type: "track", name: "order", units };
      }
    }
  }
}

export const hillstrom: Story = {
  experiment,
  flag,
  durationMs: (FOLLOWED_DAYS + 1) * DAY_MS,
  title: "Hillstrom's e-mail test, 64,000 customers",
  events,
};
