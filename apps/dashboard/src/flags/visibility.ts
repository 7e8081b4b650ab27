import type { RouterOutputs } from "@telltale/api";

export type Visibility = RouterOutputs["flag"]["get"]["visibility"];

/** What client keys, those of browsers and apps, get of a flag: in the words of the page. */
export const VISIBILITIES: readonly { value: Visibility; label: string; hint: string }[] = [
  {
    value: "client",
    label: "Clients decide by themselves",
    hint: "Browsers and apps get its rules, listed ids as hashes. Instant, but anybody can read the rules.",
  },
  {
    value: "edge",
    label: "Clients ask the edge",
    hint: "Browsers and apps get its answers only, over OFREP. Its rules never leave the servers.",
  },
  { value: "server", label: "Servers only", hint: "Client keys do not know that it exists." },
];

/** Of one visibility, what it means. */
export function hintOf(visibility: Visibility): string {
  return VISIBILITIES.find(({ value }) => value === visibility)?.hint ?? "";
}
