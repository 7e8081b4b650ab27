import { RULES } from "../scenario.mjs";
import { sdk } from "./telltale.mjs";

/** What one would write by hand for exactly these flags, with the same hash: the ceiling, not a product. */
const { hashToBucket, encode, endsOf, seedOf } = sdk;

export const documentOf = (flags) => JSON.stringify(flags);
export const contextOf = ({ id, ...rest }) => ({ targetingKey: id, ...rest });

function closureOf({ key, kind }) {
  if (kind === "on") return () => true;
  const seed = seedOf(key);
  if (kind === "half") {
    const [end] = endsOf([50_000]);
    return (context, unit) => hashToBucket(unit ?? encode(context.targetingKey), seed) < end;
  }
  const [first, second] = endsOf([50_000, 25_000, 25_000]);
  const countries = new Set(RULES.countries);
  const { plan, build } = RULES;
  return (context, unit) => {
    if (countries.has(context.country)) return "b";
    if (context.plan === plan) return "c";
    if (context.build >= build) return "b";
    const bucket = hashToBucket(unit ?? encode(context.targetingKey), seed);
    return bucket < first ? "a" : bucket < second ? "b" : "c";
  };
}

export async function start(text) {
  const closures = new Map(JSON.parse(text).map((flag) => [flag.key, closureOf(flag)]));
  return {
    read: (key, context) => closures.get(key)(context),
    keep(context) {
      const unit = encode(context.targetingKey);
      return (key) => closures.get(key)(context, unit);
    },
  };
}
