"use client";

import { useQuery } from "@tanstack/react-query";
import { Card, Cell, type Column, formatDay, HeadCell, PageHeader, Row, SkeletonRows, Table } from "@telltale/ui";
import Link from "next/link";
import { pathTo } from "../place/paths.ts";
import { usePlace } from "../place/place.tsx";
import { Loaded } from "../query/loaded.tsx";
import { useTRPC } from "../query/trpc.ts";
import { listRoles } from "./roles.ts";

const COLUMNS: Column[] = [
  { key: "name", head: "Member" },
  { key: "roles", head: "Roles" },
  { key: "since", head: "Since" },
];

/** The people of the organisation, with what they were given; each leads to what they may do here. */
export function MemberList() {
  const trpc = useTRPC();
  const { organisation, project } = usePlace();
  const found = useQuery(trpc.member.list.queryOptions({ organisation: organisation.key }));
  return (
    <>
      <PageHeader
        title="Members"
        sentence={`The people of ${organisation.name}, and the roles that they have. Open one to see what they may do in ${project.name}.`}
      />
      <Loaded query={found} what="The members" skeleton={<SkeletonRows rows={4} label="Loading the members" />}>
        {({ members, teams }) => (
          <Card flush>
            <Table caption="Members" columns={COLUMNS}>
              {members.map((member) => (
                <Row key={member.userId}>
                  <HeadCell>
                    <Link
                      href={pathTo(project, "settings/members", member.userId)}
                      className="font-medium hover:text-accent hover:underline"
                    >
                      {member.name}
                    </Link>
                    <span className="block break-all font-normal text-muted text-sm">{member.email}</span>
                  </HeadCell>
                  <Cell label="Roles">
                    <ul className="max-sm:text-right">
                      {listRoles(member, teams).map((role) => (
                        <li key={role}>{role}</li>
                      ))}
                    </ul>
                  </Cell>
                  <Cell label="Since">{formatDay(member.createdAt)}</Cell>
                </Row>
              ))}
            </Table>
          </Card>
        )}
      </Loaded>
    </>
  );
}
