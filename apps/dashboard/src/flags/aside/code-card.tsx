"use client";

import { Card, Choice, Snippet } from "@telltale/ui";
import { useState } from "react";
import type { Visibility } from "../visibility.ts";
import { type SnippetKind, snippetKinds, snippetOf } from "./code.ts";

/** The call to put into an app, by whoever may decide the flag there. */
export function CodeCard({ flag, fallback, visibility }: { flag: string; fallback: unknown; visibility: Visibility }) {
  const [chosen, choose] = useState<SnippetKind>();
  const kinds = snippetKinds(visibility);
  const kind = kinds.find(({ value }) => value === chosen)?.value ?? kinds[0].value;
  return (
    <Card
      title="Use it in code"
      aside={kinds.length > 1 ? <Choice label="Language" value={kind} options={kinds} onChange={choose} /> : undefined}
    >
      <Snippet code={snippetOf(kind, flag, fallback)} label="Copy the code" />
    </Card>
  );
}
