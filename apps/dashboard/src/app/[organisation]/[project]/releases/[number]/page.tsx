import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { PlaceParams } from "../../../../../place/find.ts";
import { openPlace } from "../../../../../place/open-place.ts";
import { Prefetched } from "../../../../../query/prefetch.tsx";
import { ReleasePage } from "../../../../../releases/page/release-page.tsx";

interface ReleaseProps {
  params: Promise<PlaceParams & { number: string }>;
}

export async function generateMetadata({ params }: ReleaseProps): Promise<Metadata> {
  return { title: `Release ${(await params).number.slice(0, 10)}` };
}

export default async function Release({ params }: ReleaseProps) {
  const { address: project } = (await openPlace(params)).project;
  const { number } = await params;
  if (!/^[1-9]\d{0,8}$/.test(number)) notFound();
  const release = Number(number);
  return (
    <Prefetched load={(api, client) => [client.prefetchQuery(api.release.get.queryOptions({ project, release }))]}>
      <ReleasePage release={release} />
    </Prefetched>
  );
}
