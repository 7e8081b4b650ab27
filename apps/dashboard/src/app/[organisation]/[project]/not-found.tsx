import { PageHeader } from "@telltale/ui";
import type { Metadata } from "next";
import Link from "next/link";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <>
      <PageHeader
        title="There is nothing at this address"
        sentence="It may have been renamed, or the link was cut short."
      />
      <Link href="/" className="text-accent underline">
        Go to the flags
      </Link>
    </>
  );
}
