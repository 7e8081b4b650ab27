import type { Metadata } from "next";
import { FlagPage } from "../../../../../flags/page/flag-page.tsx";
import type { PlaceParams } from "../../../../../place/find.ts";
import { openPlace } from "../../../../../place/open-place.ts";
import { Prefetched } from "../../../../../query/prefetch.tsx";

interface FlagProps {
  params: Promise<PlaceParams & { key: string }>;
}

export async function generateMetadata({ params }: FlagProps): Promise<Metadata> {
  return { title: decodeURIComponent((await params).key) };
}

export default async function Flag({ params }: FlagProps) {
  const { address: project } = (await openPlace(params)).project;
  const flag = decodeURIComponent((await params).key);
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
