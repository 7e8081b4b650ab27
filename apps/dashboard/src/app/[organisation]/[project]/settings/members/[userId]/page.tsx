import type { Metadata } from "next";
import { MemberPage } from "../../../../../../members/member-page.tsx";
import type { PlaceParams } from "../../../../../../place/find.ts";
import { openPlace } from "../../../../../../place/open-place.ts";
import { Prefetched } from "../../../../../../query/prefetch.tsx";

interface MemberProps {
  params: Promise<PlaceParams & { userId: string }>;
}

export const metadata: Metadata = { title: "Member" };

export default async function Member({ params }: MemberProps) {
  const { address: project } = (await openPlace(params)).project;
  const { userId } = await params;
  return (
    <Prefetched load={(api, client) => [client.prefetchQuery(api.member.access.queryOptions({ project, userId }))]}>
      <MemberPage userId={userId} />
    </Prefetched>
  );
}
