import type { Metadata } from "next";
import type { PlaceParams } from "../../../../place/find.ts";
import { openPlace } from "../../../../place/open-place.ts";
import { Prefetched } from "../../../../query/prefetch.tsx";
import { SegmentList } from "../../../../segments/segment-list.tsx";

export const metadata: Metadata = { title: "Segments" };

export default async function Segments({ params }: { params: Promise<PlaceParams> }) {
  const { address: project } = (await openPlace(params)).project;
  return (
    <Prefetched load={(api, client) => [client.prefetchQuery(api.segment.list.queryOptions({ project }))]}>
      <SegmentList />
    </Prefetched>
  );
}
