import type { Metadata } from "next";
import { MetricPage } from "../../../../../metrics/metric-page.tsx";
import type { PlaceParams } from "../../../../../place/find.ts";
import { openPlace } from "../../../../../place/open-place.ts";
import { Prefetched } from "../../../../../query/prefetch.tsx";

interface MetricProps {
  params: Promise<PlaceParams & { key: string }>;
}

export async function generateMetadata({ params }: MetricProps): Promise<Metadata> {
  return { title: decodeURIComponent((await params).key) };
}

export default async function Metric({ params }: MetricProps) {
  const { address: project } = (await openPlace(params)).project;
  const metric = decodeURIComponent((await params).key);
  return (
    <Prefetched
      load={(api, client) => [
        client.prefetchQuery(api.metric.get.queryOptions({ project, metric })),
        client.prefetchQuery(api.metric.history.queryOptions({ project, metric })),
      ]}
    >
      <MetricPage metric={metric} />
    </Prefetched>
  );
}
