"use client";

import { Badge, CopyButton, PageHeader, Time } from "@telltale/ui";
import { WayUp } from "../../place/way-up.tsx";
import type { FlagDetail, FlagEnvironment } from "../../query/outputs.ts";
import { stateSentence } from "../draft/words.ts";

/** The flag's name and, in a sentence, what it does here now. */
export function FlagHeader({ flag, environment }: { flag: FlagDetail; environment: FlagEnvironment }) {
  return (
    <PageHeader
      above={<WayUp to="flags" />}
      title={<span className="font-mono">{flag.key}</span>}
      beside={
        <>
          <CopyButton text={flag.key} label="Copy the key" />
          <Badge>{flag.type}</Badge>
          {flag.visibility === "server" ? <Badge>servers only</Badge> : null}
          {flag.visibility === "edge" ? <Badge>evaluated at the edge</Badge> : null}
          {flag.archivedAt ? <Badge tone="warn">archived</Badge> : null}
        </>
      }
      sentence={
        <>
          {flag.name}
          {flag.description ? `. ${flag.description}` : ""}
          <span className="block font-medium text-ink">{stateSentence(environment.config, environment.key)}</span>
          <span className="text-muted text-sm">
            Revision {environment.revision}, <Time at={environment.updatedAt} />
          </span>
        </>
      }
    />
  );
}
