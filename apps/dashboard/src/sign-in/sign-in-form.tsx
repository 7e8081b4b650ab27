"use client";

import { Button, TextField } from "@telltale/ui";
import { type FormEvent, useState } from "react";
import { withBasePath } from "../base-path.ts";
import { authClient } from "../shell/auth-client.ts";
import { problemSentence, readSignInProblem, type SignInProblem } from "./problems.ts";

interface SignInFormProps {
  next: string;
  /** What went wrong with a try that was sent without scripts. */
  problem: SignInProblem | undefined;
}

/** Email and password. Says what was wrong without saying which of the two. Works without scripts too. */
export function SignInForm({ next, problem: first }: SignInFormProps) {
  const [problem, setProblem] = useState(first);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const credentials = { email: String(form.get("email")), password: String(form.get("password")) };
    setBusy(true);
    setProblem(undefined);
    const found = await signIn(credentials);
    if (!found) return window.location.assign(withBasePath(next));
    setBusy(false);
    setProblem(found);
  };
  return (
    <form
      method="post"
      action={withBasePath("/api/sign-in")}
      onSubmit={(event) => void submit(event)}
      className="mt-6 grid gap-4"
    >
      <input type="hidden" name="next" value={next} />
      <TextField label="Email" name="email" type="email" autoComplete="username" required />
      <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
      {problem ? (
        <p role="alert" className="rounded-md border border-danger bg-danger-soft px-3 py-2">
          {problemSentence(problem)}
        </p>
      ) : null}
      <Button type="submit" look="solid" busy={busy} className="justify-center">
        Sign in
      </Button>
    </form>
  );
}

async function signIn(credentials: { email: string; password: string }): Promise<SignInProblem | undefined> {
  try {
    const { error } = await authClient.signIn.email(credentials);
    return error ? readSignInProblem(error.status) : undefined;
  } catch {
    return "silent";
  }
}
