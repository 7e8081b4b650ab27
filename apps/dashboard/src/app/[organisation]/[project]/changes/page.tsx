import type { Metadata } from "next";
import { ChangeSetList } from "../../../../changes/change-list.tsx";
import type { PlaceParams } from "../../../../place/find.ts";
import { openPlace } from "../../../../place/open-place.ts";
import { Prefetched } from "../../../../query/prefetch.tsx";

export const metadata: Metadata = { title: "Changes" };

export default async function Changes({ params }: { params: Promise<PlaceParams> }) {
  const { address: project } = (await openPlace(params)).project;
  return (
    <Prefetched load={(api, client) => [client.prefetchQuery(api.change.list.queryOptions({ project, isOpen: true }))]}>
      <ChangeSetList />
    </Prefetched>
  );
}
