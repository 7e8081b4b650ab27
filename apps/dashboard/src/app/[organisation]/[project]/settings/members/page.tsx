import type { Metadata } from "next";
import { MemberList } from "../../../../../members/member-list.tsx";
import type { PlaceParams } from "../../../../../place/find.ts";
import { openPlace } from "../../../../../place/open-place.ts";
import { Prefetched } from "../../../../../query/prefetch.tsx";

export const metadata: Metadata = { title: "Members" };

export default async function Members({ params }: { params: Promise<PlaceParams> }) {
  const { key: organisation } = (await openPlace(params)).organisation;
  return (
    <Prefetched load={(api, client) => [client.prefetchQuery(api.member.list.queryOptions({ organisation }))]}>
      <MemberList />
    </Prefetched>
  );
}
