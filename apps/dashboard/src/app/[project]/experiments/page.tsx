import type { Metadata } from "next";
import { ExperimentList } from "../../../experiments/list/experiment-list.tsx";
import { Prefetched } from "../../../query/prefetch.tsx";

export const metadata: Metadata = { title: "Experiments" };

export default async function Experiments({ params }: { params: Promise<{ project: string }> }) {
  const { project } = await params;
  return (
    <Prefetched load={(api, client) => [client.prefetchQuery(api.experiment.list.queryOptions({ project }))]}>
      <ExperimentList />
    </Prefetched>
  );
}
