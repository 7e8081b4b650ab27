"use client";

import { useQuery } from "@tanstack/react-query";
import { Card, Note, SkeletonRows } from "@telltale/ui";
import { usePlace } from "../../place/place.tsx";
import { Loaded } from "../../query/loaded.tsx";
import type { ExperimentDetail } from "../../query/outputs.ts";
import { useTRPC } from "../../query/trpc.ts";
import { SidesChoice } from "./sides-choice.tsx";
import { sizingWords } from "./sizing-words.ts";

/** Before the start: what the plan can find, what it needs, and the metric that needs most. */
export function SizingCard({ experiment }: { experiment: ExperimentDetail }) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const asked = { project: project.address, experiment: experiment.key, compareSides: true };
  const sizing = useQuery(trpc.experiment.sizing.queryOptions(asked, { staleTime: 60_000 }));
  return (
    <Card>
      <h2 className="font-semibold text-lg">What this plan can find</h2>
      <Loaded query={sizing} what="The plan's size" skeleton={<SkeletonRows rows={2} label="Asking for the past" />}>
        {(found) => {
          const { sentences, alone, unknown } = sizingWords(found, experiment.settings.power);
          return (
            <div className="mt-2 grid gap-2">
              <SidesChoice experiment={experiment} unitsByOtherSides={found.unitsByOtherSides} />
              {found.problem ? <Note tone="warn">{found.problem}</Note> : null}
              {sentences.map((sentence) => (
                <p key={sentence}>{sentence}</p>
              ))}
              {alone.length > 0 ? (
                <dl className="grid gap-x-4 text-sm sm:grid-cols-[auto_minmax(0,1fr)]">
                  {alone.map(({ name, units }) => (
                    <div key={name} className="contents">
                      <dt className="text-muted">{name}</dt>
                      <dd>{units}</dd>
                    </div>
                  ))}
                </dl>
              ) : null}
              {unknown.map((sentence) => (
                <p key={sentence} className="text-ink-2 text-sm">
                  {sentence}
                </p>
              ))}
            </div>
          );
        }}
      </Loaded>
    </Card>
  );
}
