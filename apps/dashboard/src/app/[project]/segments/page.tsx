import type { Metadata } from "next";
import { Prefetched } from "../../../query/prefetch.tsx";
import { SegmentList } from "../../../segments/segment-list.tsx";

export const metadata: Metadata = { title: "Segments" };

export default async function Segments({ params }: { params: Promise<{ project: string }> }) {
  const { project } = await params;
  return (
    <Prefetched load={(api, client) => [client.prefetchQuery(api.segment.list.queryOptions({ project }))]}>
      <SegmentList />
    </Prefetched>
  );
}
