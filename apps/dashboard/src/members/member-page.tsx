"use client";

import { useQuery } from "@tanstack/react-query";
import { Card, Cell, type Column, HeadCell, PageHeader, Row, SkeletonRows, Table } from "@telltale/ui";
import { Check } from "lucide-react";
import { usePlace } from "../place/place.tsx";
import { WayUp } from "../place/way-up.tsx";
import { Loaded } from "../query/loaded.tsx";
import type { MemberAccess } from "../query/outputs.ts";
import { useTRPC } from "../query/trpc.ts";

type Asked = MemberAccess["actions"][number];

const AROUND: { on: Asked["on"]; title: string }[] = [
  { on: "project", title: "In the project" },
  { on: "organisation", title: "In the organisation" },
];

/** What one person may do here: in each environment, in the project, and in the organisation around it. */
export function MemberPage({ userId }: { userId: string }) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const found = useQuery(trpc.member.access.queryOptions({ project: project.address, userId }));
  return (
    <Loaded query={found} what="The member" skeleton={<SkeletonRows rows={8} label="Loading what they may do" />}>
      {({ name, actions }) => (
        <>
          <PageHeader
            above={<WayUp to="settings/members" />}
            title={name}
            sentence={`What ${name} may do in ${project.name}, and the role that allows it.`}
          />
          <div className="grid gap-4">
            <Actions title="In each environment" actions={actions.filter(({ on }) => on === "environment")} />
            {AROUND.map(({ on, title }) => (
              <Actions key={on} title={title} actions={actions.filter((one) => one.on === on)} />
            ))}
          </div>
        </>
      )}
    </Loaded>
  );
}

function Actions({ title, actions }: { title: string; actions: Asked[] }) {
  const places = actions[0]?.places ?? [];
  if (places.length === 0) return null;
  const columns: Column[] = [
    { key: "action", head: "Action" },
    ...places.map(({ environment }) => ({ key: environment ?? "", head: environment ?? "Allowed by" })),
  ];
  return (
    <Card title={title} flush>
      <Table caption={title} columns={columns}>
        {actions.map(({ action, phrase, places: answers }) => (
          <Row key={action}>
            <HeadCell className="font-normal">{phrase}</HeadCell>
            {answers.map(({ environment, by }) => (
              <Cell key={environment} label={environment ?? "Allowed by"}>
                <Allowed by={by} />
              </Cell>
            ))}
          </Row>
        ))}
      </Table>
    </Card>
  );
}

function Allowed({ by }: { by: Asked["places"][number]["by"] }) {
  if (by === null) {
    return (
      <span className="text-muted">
        <span aria-hidden>–</span>
        <span className="sr-only">no</span>
      </span>
    );
  }
  return (
    <span className="inline-flex items-center gap-1.5">
      <Check aria-hidden className="size-4 text-accent" />
      {by.role}
      {by.team === null ? null : <span className="text-muted text-sm">by team {by.team}</span>}
    </span>
  );
}
