import type { Metadata } from "next";
import { ExperimentPage } from "../../../../experiments/page/experiment-page.tsx";
import { Prefetched } from "../../../../query/prefetch.tsx";

interface ExperimentProps {
  params: Promise<{ project: string; key: string }>;
}

export async function generateMetadata({ params }: ExperimentProps): Promise<Metadata> {
  return { title: decodeURIComponent((await params).key) };
}

export default async function Experiment({ params }: ExperimentProps) {
  const { project, key } = await params;
  const experiment = decodeURIComponent(key);
  return (
    <Prefetched
      load={(api, client) => [client.prefetchQuery(api.experiment.get.queryOptions({ project, experiment }))]}
    >
      <ExperimentPage experiment={experiment} />
    </Prefetched>
  );
}
