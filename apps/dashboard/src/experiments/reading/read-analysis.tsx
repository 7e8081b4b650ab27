"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Note, SkeletonRows } from "@telltale/ui";
import type { ReactNode } from "react";
import { usePlace } from "../../place/place.tsx";
import { Loaded } from "../../query/loaded.tsx";
import type { Analysis, ExperimentDetail, Snapshot } from "../../query/outputs.ts";
import { useTRPC } from "../../query/trpc.ts";
import { isAsPlanned, otherwise, type ResultView } from "./reading.ts";

interface ReadAnalysisProps {
  experiment: Pick<ExperimentDetail, "key">;
  snapshot: Snapshot;
  reading: ResultView;
  children: (analysis: Analysis, dataTo: Date) => ReactNode;
}

/** The numbers of a snapshot as planned, or computed otherwise on request: then it says so. */
export function ReadAnalysis(props: ReadAnalysisProps) {
  const { snapshot, reading, children } = props;
  if (isAsPlanned(reading, snapshot.settings)) return children(snapshot, snapshot.dataTo);
  return (
    <>
      <Note tone="warn">Not as planned: for looking only; the verdict stays the plan's.</Note>
      <ReadOtherwise {...props} />
    </>
  );
}

function ReadOtherwise({ experiment, snapshot, reading, children }: ReadAnalysisProps) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const found = useQuery(
    trpc.experiment.results.queryOptions(
      {
        project: project.address,
        experiment: experiment.key,
        snapshot: snapshot.id,
        ...otherwise(reading, snapshot.settings),
      },
      { placeholderData: keepPreviousData },
    ),
  );
  const skeleton = <SkeletonRows rows={5} label="Computing the numbers with these settings" />;
  return (
    <Loaded query={found} what="The numbers read so" skeleton={skeleton}>
      {({ analysis, dataTo }) =>
        analysis ? (
          children(analysis, dataTo ?? snapshot.dataTo)
        ) : (
          <Note>An earlier version computed these numbers, so they can be read as planned only. Refresh them.</Note>
        )
      }
    </Loaded>
  );
}
