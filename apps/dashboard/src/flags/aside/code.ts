import type { FlagDetail } from "../../query/outputs.ts";
import type { Visibility } from "../visibility.ts";

const literal = (value: unknown) => JSON.stringify(value);

type Served = Pick<FlagDetail, "variants"> & {
  environments: readonly { critical: boolean; config: Pick<FlagDetail["environments"][number]["config"], "off"> }[];
};

/**
 * The safest default for a flag's call. The same code runs in every environment, so there is one: what the flag serves
 * while it is off where that matters most.
 */
export function defaultValue({ variants, environments }: Served): unknown {
  const off = (environments.find(({ critical }) => critical) ?? environments[0])?.config.off;
  return (variants.find(({ key }) => key === off) ?? variants.at(-1))?.value ?? null;
}

/** "summer-banner" → "summerBanner"; never begins with a digit. */
export function variableName(key: string): string {
  const name = key.replaceAll(/[^a-z0-9]+([a-z0-9])?/gi, (_, next: string | undefined) => (next ?? "").toUpperCase());
  return /^[a-z]/i.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : `flag${name}`;
}

export type SnippetKind = "react" | "sdk" | "server" | "ofrep";
type Kinds = readonly [{ value: SnippetKind; label: string }, ...{ value: SnippetKind; label: string }[]];

/** Where the flag can be evaluated: rules that stay on the servers need a server key, or the edge. */
export function snippetKinds(visibility: Visibility): Kinds {
  const server = { value: "server", label: "Server" } as const;
  if (visibility === "server") return [server];
  if (visibility === "edge") return [{ value: "ofrep", label: "Browser" }, server];
  return [
    { value: "react", label: "React" },
    { value: "sdk", label: "TypeScript" },
  ];
}

/** A typed call. */
export function snippetOf(kind: SnippetKind, key: string, fallback: unknown): string {
  const name = variableName(key);
  const asked = `${literal(key)}, ${literal(fallback)}`;
  switch (kind) {
    case "react":
      return `import { useFlag } from "@telltale/react";\n\nconst ${name} = useFlag(${asked});`;
    case "sdk":
      return `const me = telltale.for({ targetingKey: user.id });\nconst ${name} = me.value(${asked});`;
    case "server":
      return `// With a server key: client keys do not get its rules.\nconst me = telltale.for({ targetingKey: user.id });\nconst ${name} = me.value(${asked});`;
    case "ofrep":
      return `import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import { OpenFeature } from "@openfeature/web-sdk";

// The edge decides: its rules are not sent to browsers.
await OpenFeature.setContext({ targetingKey: user.id });
await OpenFeature.setProviderAndWait(
  new OFREPWebProvider({
    baseUrl: "https://edge.example.com",
    headers: [["authorization", "Bearer tt_client_…"]],
  }),
);
const ${name} = OpenFeature.getClient().${openFeatureCall(fallback)}(${asked});`;
  }
}

/** OpenFeature has a call for each type. */
function openFeatureCall(fallback: unknown): string {
  const type = typeof fallback;
  return `get${type.charAt(0).toUpperCase()}${type.slice(1)}Value`;
}
