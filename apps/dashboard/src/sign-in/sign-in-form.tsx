"use client";

import { Button, TextField } from "@telltale/ui";
import { type FormEvent, useState } from "react";
import { authClient } from "../shell/auth-client.ts";

/** Email and password. Says what was wrong without saying which of the two. */
export function SignInForm({ next }: { next: string }) {
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const credentials = { email: String(form.get("email")), password: String(form.get("password")) };
    setBusy(true);
    setProblem(undefined);
    const error = await signIn(credentials);
    if (!error) return window.location.assign(next);
    setBusy(false);
    setProblem(error);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="mt-6 grid gap-4">
      <TextField label="Email" name="email" type="email" autoComplete="username" required />
      <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
      {problem ? (
        <p role="alert" className="rounded-md border border-danger bg-danger-soft px-3 py-2">
          {problem}
        </p>
      ) : null}
      <Button type="submit" look="solid" busy={busy} className="justify-center">
        Sign in
      </Button>
    </form>
  );
}

/** Signs in; answers what went wrong, for people. */
async function signIn(credentials: { email: string; password: string }): Promise<string | undefined> {
  try {
    const { error } = await authClient.signIn.email(credentials);
    if (!error) return undefined;
    if (error.status === 401) return "This email and password do not belong together. Check both, then try again.";
    if (error.status === 429) return "Too many tries. Wait a minute, then try again.";
    return error.message ?? "Signing in failed. Try again in a moment.";
  } catch {
    return "The server did not answer. Check the connection, then try again.";
  }
}
