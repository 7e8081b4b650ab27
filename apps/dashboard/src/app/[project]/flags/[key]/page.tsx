import type { Metadata } from "next";
import { FlagPage } from "../../../../flags/page/flag-page.tsx";
import { Prefetched } from "../../../../query/prefetch.tsx";

interface FlagProps {
  params: Promise<{ project: string; key: string }>;
}

export async function generateMetadata({ params }: FlagProps): Promise<Metadata> {
  return { title: decodeURIComponent((await params).key) };
}

export default async function Flag({ params }: FlagProps) {
  const { project, key } = await params;
  const flag = decodeURIComponent(key);
  return (
    <Prefetched
      load={(api, client) => [
        client.prefetchQuery(api.flag.get.queryOptions({ project, flag })),
        client.prefetchQuery(api.segment.list.queryOptions({ project })),
      ]}
    >
      <FlagPage flag={flag} />
    </Prefetched>
  );
}
