import type { Metadata } from "next";
import type { PlaceParams } from "../../../../../place/find.ts";
import { openPlace } from "../../../../../place/open-place.ts";
import { Prefetched } from "../../../../../query/prefetch.tsx";
import { KeyList } from "../../../../../settings/key-list.tsx";

export const metadata: Metadata = { title: "SDK keys" };

export default async function Keys({ params }: { params: Promise<PlaceParams> }) {
  const { address: project } = (await openPlace(params)).project;
  return (
    <Prefetched
      load={(api, client) => [
        client.prefetchQuery(api.project.get.queryOptions({ project })),
        client.prefetchQuery(api.key.list.queryOptions({ project })),
      ]}
    >
      <KeyList />
    </Prefetched>
  );
}
