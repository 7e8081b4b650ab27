import type { Metadata } from "next";
import { Prefetched } from "../../../../query/prefetch.tsx";
import { SegmentPage } from "../../../../segments/segment-page.tsx";

interface SegmentProps {
  params: Promise<{ project: string; key: string }>;
}

export async function generateMetadata({ params }: SegmentProps): Promise<Metadata> {
  return { title: decodeURIComponent((await params).key) };
}

export default async function Segment({ params }: SegmentProps) {
  const { project, key: encoded } = await params;
  const key = decodeURIComponent(encoded);
  return (
    <Prefetched
      load={(api, client) => [
        client.prefetchQuery(api.segment.get.queryOptions({ project, key })),
        client.prefetchQuery(api.segment.list.queryOptions({ project })),
      ]}
    >
      <SegmentPage segment={key} />
    </Prefetched>
  );
}
