import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { placesOf } from "../../place/find.ts";
import { readSession } from "../../session.ts";
import { Brand } from "../../shell/brand.tsx";
import { nextPath } from "../../sign-in/next-path.ts";
import { parseSignInProblem } from "../../sign-in/problems.ts";
import { SignInForm } from "../../sign-in/sign-in-form.tsx";

export const metadata: Metadata = { title: "Sign in" };

interface SignInProps {
  searchParams: Promise<{ next?: string | string[]; problem?: string | string[] }>;
}

export default async function SignIn({ searchParams }: SignInProps) {
  const { next, problem } = await searchParams;
  const path = nextPath(typeof next === "string" ? next : undefined);
  const me = await readSession();
  if (me && placesOf(me).length > 0) redirect(path);
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center bg-surface px-4 py-12">
      <div className="w-full max-w-sm rounded-lg border border-line bg-raised p-6 shadow-low sm:p-8">
        <Brand />
        <h1 className="mt-6 font-semibold text-2xl tracking-tight">Sign in</h1>
        {me ? (
          <p className="mt-2 text-ink-2">You are signed in, but no project is yours yet. Ask an owner to add you.</p>
        ) : null}
        <SignInForm next={path} problem={parseSignInProblem(problem)} />
      </div>
    </main>
  );
}
