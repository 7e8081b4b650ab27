"use client";

import { useQuery } from "@tanstack/react-query";
import { Note } from "@telltale/ui";
import { z } from "zod";
import { withBasePath } from "../base-path.ts";

const EVERY_MS = 15_000;

/** What people lose while a part is away, and what goes on. */
const SENTENCES: Record<string, string> = {
  dashboard: "The dashboard's server does not answer: what you see is what was there before.",
  database: "The database does not answer: nothing can be loaded or changed. Flags are served as before.",
  events:
    "The event store does not answer: usage and results are not brought up to date. Events wait until it is back.",
  worker: "The worker is not running: experiments are not analysed, and what waits for it waits.",
  edge: "The edge does not answer: changes reach nobody until it is back. SDKs go on with the flags that they have.",
};

const answerSchema = z.object({ down: z.array(z.string()) });

async function readDown(): Promise<string[]> {
  const answer = await fetch(withBasePath("/api/health"));
  return answer.status === 401 ? [] : answerSchema.parse(await answer.json()).down;
}

/** Says on every page what is down. Nothing while all is well. */
export function DownNote() {
  const asked = useQuery({ queryKey: ["down"], queryFn: readDown, refetchInterval: EVERY_MS, retry: 1 });
  const down = asked.isError ? ["dashboard"] : (asked.data ?? []);
  return (
    <div role="status" className={down.length > 0 ? "mb-4 grid gap-2" : undefined}>
      {down.map((part) => (
        <Note key={part} tone="warn">
          {SENTENCES[part] ?? `${part} does not answer.`}
        </Note>
      ))}
    </div>
  );
}
