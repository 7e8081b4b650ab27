/** The shopper as flags see them. */
export interface Visitor {
  targetingKey: string;
  country: string;
  plan: string;
  [attribute: string]: unknown;
}

/** Travels with exposures, so that results can be broken down by it. */
export const EXPOSURE_ATTRIBUTES = ["country", "plan"] as const satisfies readonly (keyof Visitor)[];

/** What a page's request says of who is looking. */
export interface VisitorRequest {
  query: Record<string, string | string[] | undefined>;
  acceptLanguage: string;
  /** The visitor that this browser was given. */
  remembered: string;
}

/** The cookie that remembers a browser's visitor, and the header that tells the page of one made just now. */
export const VISITOR_COOKIE = "harbour-visitor";
export const VISITOR_HEADER = "x-harbour-visitor";

export const newVisitor = (): string => `u-${crypto.randomUUID().slice(0, 8)}`;

/** Country of the first language that names or implies one, "US" otherwise. */
export function countryOf(acceptLanguage: string): string {
  const [first = ""] = acceptLanguage.split(/[,;]/);
  try {
    return new Intl.Locale(first.trim()).maximize().region ?? "US";
  } catch {
    return "US";
  }
}

/** Who it is: `?visitor=`, `?country=` and `?plan=` win; else the visitor that this browser was given before. */
export function visitorOf(request: VisitorRequest): Visitor {
  const asked = (name: string) => {
    const value = request.query[name];
    return (Array.isArray(value) ? value[0] : value)?.trim();
  };
  return {
    targetingKey: asked("visitor")?.slice(0, 256) || request.remembered,
    country: asked("country")?.toUpperCase().slice(0, 2) || countryOf(request.acceptLanguage),
    plan: asked("plan") || "free",
  };
}
