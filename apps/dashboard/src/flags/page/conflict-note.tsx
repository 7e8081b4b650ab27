"use client";

import { useQuery } from "@tanstack/react-query";
import { Button, Time } from "@telltale/ui";
import { GitMerge } from "lucide-react";
import { usePlace } from "../../place/place.tsx";
import { useTRPC } from "../../query/trpc.ts";
import type { Published } from "../draft/draft.ts";

interface ConflictNoteProps {
  flag: string;
  environment: string;
  /** Nothing is shown without one. */
  newer: Published | undefined;
  onLoadNewer: () => void;
  /** Whether the edits, put on top, are looked at before they are published. */
  reviewsFirst: boolean;
  /** Typed in the review so far. */
  comment: string;
  onPutOnTop: (comment: string) => void;
}

/** Somebody published meanwhile: who, what, and the two ways on. The edits are still there. */
export function ConflictNote({ newer, comment, ...rest }: ConflictNoteProps) {
  const { flag, environment, reviewsFirst, onLoadNewer, onPutOnTop } = rest;
  const trpc = useTRPC();
  const { project } = usePlace();
  const history = useQuery({
    ...trpc.flag.history.queryOptions({ project: project.address, flag, environment }),
    enabled: newer !== undefined,
  });
  const entry = history.data?.find((revision) => revision.revision === newer?.revision);
  if (!newer) return null;
  return (
    <div role="alert" className="flex gap-3 rounded-lg border border-warn bg-warn-soft p-4">
      <GitMerge aria-hidden className="mt-0.5 size-5 shrink-0 text-warn" />
      <div className="min-w-0">
        <p className="font-semibold">Revision {newer.revision} was published while you were editing</p>
        <p className="mt-0.5 break-words">
          {entry ? (
            <>
              {entry.actorName}, <Time at={entry.at} />: {entry.sentence}
            </>
          ) : (
            "Its description is being loaded."
          )}
        </p>
        <p className="mt-1 text-ink-2">Your edits are still here.</p>
        <div className="mt-3 flex flex-wrap gap-2">
          <Button onClick={() => onPutOnTop(comment)}>{reviewsFirst ? "Review on top" : "Publish on top"}</Button>
          <Button look="ghost" onClick={onLoadNewer}>
            Load newer
          </Button>
        </div>
      </div>
    </div>
  );
}
