import type { Metadata } from "next";
import { MetricList } from "../../../../metrics/metric-list.tsx";
import type { PlaceParams } from "../../../../place/find.ts";
import { openPlace } from "../../../../place/open-place.ts";
import { Prefetched } from "../../../../query/prefetch.tsx";

export const metadata: Metadata = { title: "Metrics" };

export default async function Metrics({ params }: { params: Promise<PlaceParams> }) {
  const { address: project } = (await openPlace(params)).project;
  return (
    <Prefetched load={(api, client) => [client.prefetchQuery(api.metric.list.queryOptions({ project }))]}>
      <MetricList />
    </Prefetched>
  );
}
