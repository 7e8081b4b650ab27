/** The shopper as flags see them. */
export interface Visitor {
  targetingKey: string;
  country: string;
  plan: string;
  [attribute: string]: unknown;
}

const STORED = "harbour-visitor";

/** Country from a language tag, "US" when it names none. */
export function countryOf(language: string): string {
  try {
    return new Intl.Locale(language).maximize().region ?? "US";
  } catch {
    return "US";
  }
}

/**
 * Who is looking: `?visitor=`, `?country=` and `?plan=` win; else the visitor this browser was given before, else a
 * random one, remembered where the browser allows it.
 */
export function visitorOf(options: {
  search: string;
  language: string;
  storage?: Pick<Storage, "getItem" | "setItem"> | undefined;
  random?: () => string;
}): Visitor {
  const { storage, random = () => `u-${crypto.randomUUID().slice(0, 8)}` } = options;
  const query = new URLSearchParams(options.search);
  let key = query.get("visitor")?.trim().slice(0, 256) || storage?.getItem(STORED);
  if (!key) {
    key = random();
    storage?.setItem(STORED, key);
  }
  const country = query.get("country")?.trim().toUpperCase().slice(0, 2) || countryOf(options.language);
  return { targetingKey: key, country, plan: query.get("plan")?.trim() || "free" };
}
