import { Skeleton, SkeletonRows } from "@telltale/ui";

export default function Loading() {
  return (
    <>
      <Skeleton className="mb-6 h-8 w-48" />
      <SkeletonRows rows={8} label="Loading the page" />
    </>
  );
}
