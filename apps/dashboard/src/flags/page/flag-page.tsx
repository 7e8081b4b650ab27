"use client";

import { useQuery } from "@tanstack/react-query";
import { EnvChip, Skeleton, SkeletonRows, Tabs } from "@telltale/ui";
import { usePlace } from "../../place/place.tsx";
import { Loaded } from "../../query/loaded.tsx";
import type { FlagDetail, FlagEnvironment } from "../../query/outputs.ts";
import { useTRPC } from "../../query/trpc.ts";
import { useQueryParam } from "../../shell/query-param.ts";
import { useKeptNotice } from "../../unsaved/kept.ts";
import { defaultValue } from "../aside/code.ts";
import { CodeCard } from "../aside/code-card.tsx";
import { ExperimentsCard } from "../aside/experiments-card.tsx";
import { ReleaseCard } from "../aside/release-card.tsx";
import { VisibilityCard } from "../aside/visibility-card.tsx";
import { draftsOf, useDraftMarks } from "../draft/draft-store.ts";
import { UsageCard } from "../usage/usage-card.tsx";
import { FlagHeader } from "./flag-header.tsx";
import { History } from "./history.tsx";
import { Targeting } from "./targeting.tsx";

/** One flag: what it does in each environment, how that came about, and how to use it. */
export function FlagPage({ flag: key }: { flag: string }) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const flag = useQuery(trpc.flag.get.queryOptions({ project: project.address, flag: key }));
  const skeleton = (
    <>
      <Skeleton className="mb-6 h-8 w-64" />
      <SkeletonRows rows={6} label="Loading the flag" />
    </>
  );
  return (
    <Loaded query={flag} what="The flag" skeleton={skeleton}>
      {(found) => <FlagBody flag={found} />}
    </Loaded>
  );
}

function FlagBody({ flag }: { flag: FlagDetail }) {
  const { project } = usePlace();
  const usual = flag.environments.find(({ critical }) => critical) ?? flag.environments[0];
  const [chosen, choose] = useQueryParam("env", usual?.key ?? "");
  const environment = flag.environments.find(({ key }) => key === chosen) ?? usual;
  const edited = useDraftMarks(project.address, flag.key);
  useKeptNotice(draftsOf(project.address, flag.key), `Your changes to ${flag.key}`);
  if (!environment) return null;
  return (
    <>
      <FlagHeader flag={flag} environment={environment} />
      <Tabs
        label="Environment"
        look="card"
        value={environment.key}
        onChange={choose}
        tabs={flag.environments.map((each) => ({
          value: each.key,
          label: <EnvironmentTab environment={each} edited={edited.includes(each.key)} />,
          content: <EnvironmentPanel flag={flag} environment={each} />,
        }))}
      />
    </>
  );
}

function EnvironmentTab({ environment, edited }: { environment: FlagEnvironment; edited: boolean }) {
  return (
    <>
      <EnvChip name={environment.name} critical={environment.critical} />
      <span className="font-normal text-muted text-sm">{environment.config.on ? "on" : "off"}</span>
      {edited ? <span className="font-normal text-accent text-sm">edited</span> : null}
    </>
  );
}

function EnvironmentPanel({ flag, environment }: { flag: FlagDetail; environment: FlagEnvironment }) {
  const [view, setView] = useQueryParam("view", "targeting");
  return (
    <div className="grid grid-cols-1 items-start gap-6 xl:grid-cols-[minmax(0,1fr)_360px]">
      <Tabs
        label="View"
        value={view === "history" ? "history" : "targeting"}
        onChange={setView}
        tabs={[
          {
            value: "targeting",
            label: "Targeting",
            content: <Targeting key={environment.key} flag={flag} environment={environment} />,
          },
          { value: "history", label: "History", content: <History flag={flag.key} environment={environment} /> },
        ]}
      />
      <div className="grid grid-cols-1 gap-4">
        <ReleaseCard key={environment.key} flag={flag} environment={environment} />
        <UsageCard flag={flag} environment={environment} />
        <CodeCard flag={flag.key} fallback={defaultValue(flag)} visibility={flag.visibility} />
        <VisibilityCard flag={flag} />
        <ExperimentsCard experiments={flag.experiments} />
      </div>
    </div>
  );
}
