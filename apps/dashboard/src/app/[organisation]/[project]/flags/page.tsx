import type { Metadata } from "next";
import { FlagList } from "../../../../flags/list/flag-list.tsx";
import type { PlaceParams } from "../../../../place/find.ts";
import { openPlace } from "../../../../place/open-place.ts";
import { Prefetched } from "../../../../query/prefetch.tsx";

export const metadata: Metadata = { title: "Flags" };

export default async function Flags({ params }: { params: Promise<PlaceParams> }) {
  const { address: project } = (await openPlace(params)).project;
  return (
    <Prefetched
      load={(api, client) => [
        client.prefetchQuery(api.project.get.queryOptions({ project })),
        client.prefetchQuery(api.flag.list.queryOptions({ project })),
      ]}
    >
      <FlagList />
    </Prefetched>
  );
}
