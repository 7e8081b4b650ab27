"use client";

import { useQuery } from "@tanstack/react-query";
import { PageHeader, SkeletonRows } from "@telltale/ui";
import { usePlace } from "../place/place.tsx";
import { WayUp } from "../place/way-up.tsx";
import { Loaded } from "../query/loaded.tsx";
import { useTRPC } from "../query/trpc.ts";
import { SegmentEditor } from "./segment-editor.tsx";
import { SegmentHistory } from "./segment-history.tsx";
import { UsedBy } from "./segment-list.tsx";

/** One segment: who is in it, and which flags ask for it. */
export function SegmentPage({ segment: key }: { segment: string }) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const segment = useQuery(trpc.segment.get.queryOptions({ project: project.address, key }));
  const list = useQuery(trpc.segment.list.queryOptions({ project: project.address }));
  const usedBy = list.data?.find((each) => each.key === key)?.usedBy ?? [];
  return (
    <Loaded query={segment} what="The segment" skeleton={<SkeletonRows rows={6} label="Loading the segment" />}>
      {(found) => (
        <>
          <PageHeader
            above={<WayUp to="segments" />}
            title={<span className="font-mono">{found.key}</span>}
            sentence={
              <>
                {found.name}. Used by: <UsedBy flags={usedBy} />
              </>
            }
          />
          <SegmentEditor key={found.key} segment={found} usedBy={usedBy} />
          <div className="mt-4 max-w-4xl">
            <SegmentHistory segment={found} />
          </div>
        </>
      )}
    </Loaded>
  );
}
