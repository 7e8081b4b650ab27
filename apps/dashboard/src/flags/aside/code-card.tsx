"use client";

import { Card, Choice, Snippet } from "@telltale/ui";
import { useState } from "react";
import { reactSnippet, sdkSnippet } from "./code.ts";

const KINDS = [
  { value: "react", label: "React" },
  { value: "sdk", label: "TypeScript" },
] as const;

/** The call to put into an app. */
export function CodeCard({ flag, fallback }: { flag: string; fallback: unknown }) {
  const [kind, setKind] = useState<"react" | "sdk">("react");
  const code = kind === "react" ? reactSnippet(flag, fallback) : sdkSnippet(flag, fallback);
  return (
    <Card title="Use it in code" aside={<Choice label="Language" value={kind} options={KINDS} onChange={setKind} />}>
      <Snippet code={code} label="Copy the code" />
    </Card>
  );
}
