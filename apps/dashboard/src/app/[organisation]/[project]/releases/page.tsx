import type { Metadata } from "next";
import type { PlaceParams } from "../../../../place/find.ts";
import { openPlace } from "../../../../place/open-place.ts";
import { Prefetched } from "../../../../query/prefetch.tsx";
import { ReleaseList } from "../../../../releases/release-list.tsx";

export const metadata: Metadata = { title: "Releases" };

export default async function Releases({ params }: { params: Promise<PlaceParams> }) {
  const { address: project } = (await openPlace(params)).project;
  return (
    <Prefetched
      load={(api, client) => [client.prefetchQuery(api.release.list.queryOptions({ project, isOpen: true }))]}
    >
      <ReleaseList />
    </Prefetched>
  );
}
