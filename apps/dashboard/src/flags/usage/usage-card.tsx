"use client";

import { useQuery } from "@tanstack/react-query";
import { Card, Choice, Skeleton } from "@telltale/ui";
import { usePlace } from "../../place/place.tsx";
import { Loaded } from "../../query/loaded.tsx";
import type { FlagDetail, FlagEnvironment, Usage } from "../../query/outputs.ts";
import { useTRPC } from "../../query/trpc.ts";
import { useQueryParam } from "../../shell/query-param.ts";
import { countAnswers, type UsageWindow, WINDOWS } from "./answers.ts";
import { AnswersChart } from "./answers-chart.tsx";
import { DecidersCard } from "./deciders-card.tsx";
import { SdksCard } from "./sdks-card.tsx";

const OPTIONS: { value: UsageWindow; label: string }[] = [
  { value: "hour", label: "1 h" },
  { value: "day", label: "24 h" },
];

interface UsageCardProps {
  flag: FlagDetail;
  environment: FlagEnvironment;
}

/** What the flag served lately in an environment, which rules decided it, and which SDKs evaluated it. */
export function UsageCard({ flag, environment }: UsageCardProps) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const [chosen, choose] = useQueryParam("usage", "hour");
  const window = chosen === "day" ? "day" : "hour";
  const usage = useQuery(
    trpc.flag.usage.queryOptions(
      { project: project.address, flag: flag.key, environment: environment.key, window },
      { refetchInterval: 10_000 },
    ),
  );
  const windows = <Choice label="Time that is shown" value={window} options={OPTIONS} onChange={choose} />;
  const skeleton = (
    <Card title="Answers" aside={windows}>
      <Skeleton className="mb-3 h-5 w-3/4" />
      <Skeleton className="h-28 w-full" />
    </Card>
  );
  return (
    <Loaded query={usage} what="The counts" skeleton={skeleton}>
      {(found) => (
        <>
          {countAnswers(found) === 0 ? (
            <Card title="Answers" aside={windows}>
              <NoAnswers usage={found} window={window} environment={environment.key} />
            </Card>
          ) : (
            <>
              <AnswersChart usage={found} window={window} flag={flag} environment={environment} aside={windows} />
              <DecidersCard usage={found} window={window} config={environment.config} />
            </>
          )}
          <SdksCard sdks={found.sdks} />
        </>
      )}
    </Loaded>
  );
}

/** The flag was not evaluated: never, or not lately. */
function NoAnswers({ usage, window, environment }: { usage: Usage; window: UsageWindow; environment: string }) {
  return (
    <p className="text-ink-2">
      {usage.sdks.length > 0
        ? `It was not evaluated in ${environment} in ${WINDOWS[window].words}.`
        : `It was not evaluated in ${environment} yet. Put the code below into an app that uses the key of ${environment}.`}
    </p>
  );
}
