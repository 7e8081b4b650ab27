import type { Metadata } from "next";
import Link from "next/link";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-[60dvh] max-w-md flex-col justify-center px-6">
      <h1 className="font-semibold text-2xl">There is nothing at this address</h1>
      <p className="mt-2 text-ink-2">It may have been renamed, or the link was cut short.</p>
      <p className="mt-4">
        <Link href="/" className="text-accent underline">
          Go to the flags
        </Link>
      </p>
    </main>
  );
}
