import type { Metadata } from "next";
import { FlagList } from "../../../flags/list/flag-list.tsx";
import { Prefetched } from "../../../query/prefetch.tsx";

export const metadata: Metadata = { title: "Flags" };

export default async function Flags({ params }: { params: Promise<{ project: string }> }) {
  const { project } = await params;
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
