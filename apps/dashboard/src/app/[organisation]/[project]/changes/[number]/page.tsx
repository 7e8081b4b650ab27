import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ChangePage } from "../../../../../changes/change-page.tsx";
import type { PlaceParams } from "../../../../../place/find.ts";
import { openPlace } from "../../../../../place/open-place.ts";
import { Prefetched } from "../../../../../query/prefetch.tsx";

interface ChangeProps {
  params: Promise<PlaceParams & { number: string }>;
}

export async function generateMetadata({ params }: ChangeProps): Promise<Metadata> {
  return { title: `Change #${(await params).number.slice(0, 10)}` };
}

export default async function Change({ params }: ChangeProps) {
  const { address: project } = (await openPlace(params)).project;
  const { number } = await params;
  if (!/^[1-9]\d{0,8}$/.test(number)) notFound();
  const change = Number(number);
  return (
    <Prefetched load={(api, client) => [client.prefetchQuery(api.change.get.queryOptions({ project, change }))]}>
      <ChangePage change={change} />
    </Prefetched>
  );
}
