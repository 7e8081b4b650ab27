import type { Metadata } from "next";
import type { PlaceParams } from "../../../../../place/find.ts";
import { openPlace } from "../../../../../place/open-place.ts";
import { Prefetched } from "../../../../../query/prefetch.tsx";
import { SegmentPage } from "../../../../../segments/segment-page.tsx";

interface SegmentProps {
  params: Promise<PlaceParams & { key: string }>;
}

export async function generateMetadata({ params }: SegmentProps): Promise<Metadata> {
  return { title: decodeURIComponent((await params).key) };
}

export default async function Segment({ params }: SegmentProps) {
  const { address: project } = (await openPlace(params)).project;
  const key = decodeURIComponent((await params).key);
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
