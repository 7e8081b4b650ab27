import type { Metadata } from "next";
import { ExperimentList } from "../../../../experiments/list/experiment-list.tsx";
import type { PlaceParams } from "../../../../place/find.ts";
import { openPlace } from "../../../../place/open-place.ts";
import { Prefetched } from "../../../../query/prefetch.tsx";

export const metadata: Metadata = { title: "Experiments" };

export default async function Experiments({ params }: { params: Promise<PlaceParams> }) {
  const { address: project } = (await openPlace(params)).project;
  return (
    <Prefetched load={(api, client) => [client.prefetchQuery(api.experiment.list.queryOptions({ project }))]}>
      <ExperimentList />
    </Prefetched>
  );
}
