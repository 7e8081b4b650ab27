import type { Metadata } from "next";
import { Prefetched } from "../../../../query/prefetch.tsx";
import { KeyList } from "../../../../settings/key-list.tsx";

export const metadata: Metadata = { title: "SDK keys" };

export default async function Keys({ params }: { params: Promise<{ project: string }> }) {
  const { project } = await params;
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
