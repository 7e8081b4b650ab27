import type { Metadata } from "next";
import { ExperimentPage } from "../../../../../experiments/page/experiment-page.tsx";
import type { PlaceParams } from "../../../../../place/find.ts";
import { openPlace } from "../../../../../place/open-place.ts";
import { Prefetched } from "../../../../../query/prefetch.tsx";

interface ExperimentProps {
  params: Promise<PlaceParams & { key: string }>;
}

export async function generateMetadata({ params }: ExperimentProps): Promise<Metadata> {
  return { title: decodeURIComponent((await params).key) };
}

export default async function Experiment({ params }: ExperimentProps) {
  const { address: project } = (await openPlace(params)).project;
  const experiment = decodeURIComponent((await params).key);
  return (
    <Prefetched
      load={(api, client) => [client.prefetchQuery(api.experiment.get.queryOptions({ project, experiment }))]}
    >
      <ExperimentPage experiment={experiment} />
    </Prefetched>
  );
}
