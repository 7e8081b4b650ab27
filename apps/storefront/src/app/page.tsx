import { TelltaleProvider } from "@telltale/react";
import { headers } from "next/headers";
import { env } from "../env.ts";
import { Shop } from "../shop/shop.tsx";
import { currentRuleset } from "../telltale.ts";
import { EXPOSURE_ATTRIBUTES, VISITOR_HEADER, type VisitorRequest, visitorOf } from "../visitor.ts";

/**
 * Rendered for each visitor with their variants in it: the server's ruleset decides here, travels with the page, decides
 * the same while the browser hydrates, and from then on the browser follows the edge by itself.
 */
export default async function Page({ searchParams }: { searchParams: Promise<VisitorRequest["query"]> }) {
  const [query, request, bootstrap] = await Promise.all([searchParams, headers(), currentRuleset()]);
  const visitor = visitorOf({
    query,
    acceptLanguage: request.get("accept-language") ?? "",
    remembered: decodeURIComponent(request.get(VISITOR_HEADER) ?? ""),
  });
  const { clientKey, edgeUrl, dashboardUrl } = env();
  return (
    <TelltaleProvider
      options={{ key: clientKey, url: edgeUrl, bootstrap, exposureAttributes: EXPOSURE_ATTRIBUTES }}
      context={visitor}
    >
      <Shop visitor={visitor} dashboardUrl={dashboardUrl} />
    </TelltaleProvider>
  );
}
